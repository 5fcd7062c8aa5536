"""What is wrong with a screen, for those who do not see it well, touch it well, or read another language."""

from pathlib import Path
from typing import Any

from browsing import DESK, PHONE, App

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# An experiment of axe-core's: who speaks to the app says what they see.
BESIDE = {"label-content-name-mismatch": {"enabled": True}}
SMALLEST = 44
# An edge of half a pixel is rounding, not design.
ROUNDING = 0.5

# Everything to press or fill in that is smaller than a finger. What is drawn small may be touched large: by its label, or by
# an ::after that reaches beyond it. Links within a sentence are excepted (WCAG 2.2, 2.5.8).
TOO_SMALL = """(smallest) => {
    const found = [];
    for (const each of document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=button]')) {
        if (!each.checkVisibility({ visibilityProperty: true }) || each.closest('[inert], .visually-hidden, .skip')) continue;
        if (document.querySelector('dialog[open]') && !each.closest('dialog[open]')) continue;
        const alone = each.parentElement.textContent.trim() === each.textContent.trim();
        if (each.matches('a') && getComputedStyle(each).display === 'inline' && !alone) continue;
        const boxes = [each, each.closest('label')].filter(Boolean).map((part) => part.getBoundingClientRect());
        const after = getComputedStyle(each, '::after');
        const reaches = after.content !== 'none' && after.position === 'absolute';
        if (reaches) boxes.push({ width: parseFloat(after.width), height: parseFloat(after.height) });
        const width = Math.max(...boxes.map((box) => box.width));
        const height = Math.max(...boxes.map((box) => box.height));
        if (width < smallest || height < smallest) found.push(`${each.outerHTML.slice(0, 120)}: ${width} x ${height}`);
    }
    return found;
}"""
# Whoever asked for no motion gets none, not even a short one.
MOVING = """() => [...document.querySelectorAll('*')].filter((each) => ['', '::before', '::after'].some((part) => {
    const style = getComputedStyle(each, part || null);
    return style.animationName !== 'none' || style.transitionDuration.split(', ').some((each) => parseFloat(each) > 0);
})).map((each) => each.outerHTML.slice(0, 100))"""

# Every word four tenths longer, as German ones are, and none of them with a place to break.
LENGTHEN = """() => {
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = words.nextNode()); ) {
        if (node.parentElement.closest('svg, script, style, textarea')) continue;
        const longer = (word) => word + word.slice(1, 1 + Math.ceil(word.length * 0.4)).toLowerCase();
        node.data = node.data.replace(/[A-Za-z]{4,}/g, longer);
    }
}"""
# Text that sticks out of what it stands in, or is cut off by it; an ellipsis is meant, and so is what can be scrolled to.
CUT = """() => {
    const found = new Set();
    const range = document.createRange();
    const words = document.createTreeWalker(document.querySelector('dialog[open]') ?? document.body, NodeFilter.SHOW_TEXT);
    const bounded = 'button, a, td, th, dialog, .card, .pill, .notice';
    const isCut = (rect, from) => {
        for (let box = from; box && box !== document.documentElement; box = box.parentElement) {
            const style = getComputedStyle(box);
            if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') return false;
            if (/auto|scroll/.test(style.overflowX)) return false;
            if (style.display === 'inline' || style.display === 'contents') continue;
            const { left, right, top, bottom } = box.getBoundingClientRect();
            const hides = /hidden|clip/.test(style.overflowX + style.overflowY);
            if ((hides || box.matches(bounded)) && (rect.left < left - 1 || rect.right > right + 1)) return true;
            if (hides && (rect.top < top - 1 || rect.bottom > bottom + 1)) return true;
        }
        return rect.left < -1 || rect.right > document.documentElement.clientWidth + 1;
    };
    for (let node; (node = words.nextNode()); ) {
        const of = node.parentElement;
        if (!node.data.trim() || !of.checkVisibility({ visibilityProperty: true })) continue;
        if (of.closest('.visually-hidden, .skip, svg, select, textarea')) continue;
        range.selectNodeContents(node);
        const cut = [...range.getClientRects()].some((rect) => isCut(rect, of));
        if (cut) found.add(`${of.tagName} "${node.data.trim().slice(0, 60)}"`);
    }
    const wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wider > 1) found.add(`${wider} px wider than the screen`);
    return [...found];
}"""
# What is chosen, and looks like what is not where no colour may tell them apart.
SAME_CHOSEN = """() => {
    const chosen = "[aria-current], [aria-pressed='true'], [aria-selected='true'], input:checked + span";
    const isSame = (each) => each.checkVisibility() && getComputedStyle(each).outlineStyle === 'none';
    return [...document.querySelectorAll(chosen)].filter(isSame).map((each) => each.outerHTML.slice(0, 120));
}"""
NARROW = {"width": 360, "height": 740}


async def _violations(app: App) -> list[str]:
    if not await app.page.evaluate("'axe' in window"):
        await app.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await app.page.evaluate(
        "async ([runOnly, rules]) => (await axe.run(document, { runOnly, rules, resultTypes: ['violations'] })).violations",
        [RULES, BESIDE],
    )
    return [f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:200]}" for each in found for node in each["nodes"]]


async def find_faults(app: App, name: str) -> list[str]:
    """What is wrong with what is on the screen now, on a phone and on a desk, light and dark."""
    faults: list[str] = []
    for device, size in (("phone", PHONE["viewport"]), ("desk", DESK["viewport"])):
        await app.page.set_viewport_size(size)
        for theme in ("light", "dark"):
            await app.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            faults += [f"{name}, {device}, {theme}: {fault}" for fault in await _violations(app)]
        faults += [f"{name}, {device}: too small: {fault}" for fault in await app.page.evaluate(TOO_SMALL, SMALLEST - ROUNDING)]
        wider = await app.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{name}, {device}: {wider} px wider than the screen"] if wider > 0 else []
    faults += [f"{name}: moves: {each}" for each in await app.page.evaluate(MOVING)]
    if await app.page.evaluate("document.documentElement.lang") != "en":
        faults.append(f"{name}: no language")
    return faults


async def find_narrow_faults(app: App, name: str) -> list[str]:
    """What is wrong with it in large letters, in the colours of the reader's own, and in a language of long words on a small phone.

    It leaves the screen with words that are none: load another one after it.
    """
    faults: list[str] = []
    await app.page.set_viewport_size(PHONE["viewport"])
    await app.page.evaluate("() => void (document.documentElement.style.fontSize = '200%')")
    faults += [f"{name}, letters twice as large: {fault}" for fault in await app.page.evaluate(CUT)]
    await app.page.evaluate("() => void (document.documentElement.style.fontSize = '')")
    await app.page.emulate_media(forced_colors="active")
    faults += [f"{name}, forced colours: looks like the others: {fault}" for fault in await app.page.evaluate(SAME_CHOSEN)]
    await app.page.emulate_media(forced_colors="none")
    await app.page.set_viewport_size(NARROW)
    await app.page.evaluate(LENGTHEN)
    faults += [f"{name}, long words: {fault}" for fault in await app.page.evaluate(CUT)]
    await app.page.set_viewport_size(PHONE["viewport"])
    return faults

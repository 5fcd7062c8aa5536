"""Draws the PNG icons from icon.svg in a Chromium: `.venv/bin/python web/scripts/icons.py`, after the drawing was changed.

The maskable one is what a phone cuts to its own shape: the ground goes to the edges, and the drawing stays inside the circle of
80 % that every shape leaves (W3C, Web Application Manifest, "Icon masks").
"""

import asyncio
import shutil
from pathlib import Path

from playwright.async_api import async_playwright

PUBLIC = Path(__file__).parents[1] / "public"
GROUND = "#1d4ed8"
# File: its size, the drawing's share of it, what lies behind. An apple-touch-icon must not be transparent either.
ICONS = {
    "icon-192.png": (192, 1.0, "transparent"),
    "icon-512.png": (512, 1.0, "transparent"),
    "icon-maskable-512.png": (512, 0.84, GROUND),
    "apple-touch-icon.png": (180, 1.0, GROUND),
}


async def draw() -> None:
    """Draws them all."""
    drawing = (PUBLIC / "icon.svg").read_text(encoding="utf-8")
    async with async_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=program, args=["--headless", "--no-sandbox", "--disable-gpu"])
        for name, (size, share, ground) in ICONS.items():
            page = await browser.new_page(viewport={"width": size, "height": size})
            await page.set_content(
                f'<body style="margin:0;display:grid;place-items:center;height:100vh;background:{ground}">'
                f'<div style="width:{size * share}px;height:{size * share}px">{drawing}</div>'
            )
            await page.screenshot(path=PUBLIC / name, omit_background=True)
            await page.close()
        await browser.close()


if __name__ == "__main__":
    asyncio.run(draw())

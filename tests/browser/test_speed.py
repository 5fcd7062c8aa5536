"""Quick with ten years of training on the device: a tapped set, and the start without a server."""

from logging import getLogger
from statistics import median

from browsing import App
from playwright.async_api import expect

SESSIONS, PERFORMANCES, SETS = 1500, 5, 4
EXERCISES, TAPS = ["Bench Press (Barbell)", "Bent Over Row (Barbell)", "Lat Pulldown (Cable)", "Seated Row (Cable)"], 25
# The aims are 50 and 1,500. A machine of CI is shared and several times slower: these bounds catch what is badly wrong.
# The figures themselves: pytest tests/browser/test_speed.py -o log_cli=true --log-cli-level=INFO
TAP_MS, COLD_START_MS, STARTS = 500, 15_000, 3
figures = getLogger("reptrail.speed")

# Ten years of one athlete, written straight into the device's store: five exercises a session, four sets each.
FILL = """async ([sessions, performances, sets]) => {
    const [{ name }] = (await indexedDB.databases()).filter((each) => each.name.startsWith('reptrail-'));
    const asked = indexedDB.open(name);
    const db = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    const tables = ['user_workout_session', 'user_exercise_performance', 'user_set_performance'];
    const all = db.transaction('exercise').objectStore('exercise').getAll();
    const exercises = await new Promise((done) => { all.onsuccess = () => done(all.result); });
    const bench = exercises.find((each) => each.exercise_name === 'Bench Press (Barbell)');
    const others = exercises.filter((each) => each.tracks === 'REPS_WEIGHT' && each.id !== bench.id).slice(0, 40);
    const id = (kind, number) => `0${kind}000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
    const change = db.transaction(tables, 'readwrite');
    const [session, performance, set] = tables.map((table) => change.objectStore(table));
    for (let s = 0; s < sessions; s++) {
        const at = new Date(Date.now() - (sessions - s) * 2.4 * 86400e3).toISOString();
        session.put({
            id: id(1, s), version: 3, workout_id: null, workout_revision: 1, own_workout_id: null, program_enrollment_id: null,
            program_day: null, session_status: 'COMPLETED', scheduled_at: null, started_at: at, completed_at: at,
            actual_duration_seconds: 3600, paused_seconds: 0, effort_rating: 7, soreness_rating: null, session_notes: null,
            history_at: at,
        });
        for (let p = 0; p < performances; p++) {
            const place = s * performances + p;
            const exercise = p ? others[(place * 7) % others.length] : bench;
            const own = { id: id(2, place), version: 2, exercise_id: exercise.id, user_workout_session_id: id(1, s) };
            performance.put({ ...own, exercise_instruction_id: id(4, place), sets_completed: sets, performance_notes: null });
            for (let n = 0; n < sets; n++) {
                set.put({
                    id: id(3, place * sets + n), version: 1, user_exercise_performance_id: id(2, place), exercise_id: exercise.id,
                    set_number: n + 1, kind: 'WORKING', reps: 5 + (s % 4), weight: 60 + (s % 20), weight_unit: 'kg',
                    weight_kg: 60 + (s % 20), load: 'EXTERNAL', duration_seconds: null, distance_m: null, rpe: null,
                    completed_at: at, notes: null,
                });
            }
        }
    }
    await new Promise((done, failed) => { change.oncomplete = done; change.onerror = () => failed(change.error); });
    db.close();
}"""

# To the moment at which one can begin.
START = """async () => {
    const begin = () => [...document.querySelectorAll('button')].some((each) => each.textContent.includes('Start empty'));
    while (!begin()) await new Promise(requestAnimationFrame);
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return Math.max(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, paint?.startTime ?? 0);
}"""

# From the tap to the first frame after its row is in the page.
TAP = """async () => {
    const rows = () => document.querySelectorAll('tr.done').length;
    const before = rows();
    const log = [...document.querySelectorAll('footer .primary')].at(-1);
    const began = performance.now();
    log.click();
    await new Promise((done, failed) => {
        if (rows() > before) return done();
        setTimeout(() => failed(new Error('the tap logged no set')), 30_000);
        const seen = new MutationObserver(() => rows() > before && (seen.disconnect(), done()));
        seen.observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    const shown = performance.now() - began;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return shown;
}"""


async def test_a_tapped_set_is_on_screen_at_once_with_ten_years_on_the_device(app: App) -> None:
    await app.page.evaluate(FILL, [SESSIONS, PERFORMANCES, SETS])
    app.site.kill()
    await app.reload()
    await app.start_empty()
    rounds: list[list[float]] = []
    for exercise in EXERCISES:
        await app.add_exercise(exercise)
        await expect(app.page.get_by_role("heading", name=exercise)).to_be_visible()
        await app.page.get_by_label("Weight (kg)", exact=True).fill("100")
        rounds.append([float(await app.page.evaluate(TAP)) for _ in range(TAPS)])
    taps = [tap for each in rounds for tap in each]
    assert len(await app.on_device("user_set_performance")) == SESSIONS * PERFORMANCES * SETS + len(taps)
    figures.info("a tapped set: p50 %.0f ms, p95 %.0f ms, slowest %.0f ms", median(taps), p95(taps), max(taps))
    # Of the round in which the machine had least else to do: an app that is slow is slow in each.
    assert min(map(p95, rounds)) < TAP_MS


def p95(taps: list[float]) -> float:
    return sorted(taps)[len(taps) * 95 // 100 - 1]


async def test_it_starts_without_a_server_and_with_ten_years_on_the_device(app: App) -> None:
    await app.page.evaluate(FILL, [SESSIONS, PERFORMANCES, SETS])
    app.site.kill()
    usable: list[float] = []
    while not usable or (usable[-1] >= COLD_START_MS and len(usable) < STARTS):  # once, where the machine has nothing else to do
        await app.reload()
        await expect(app.page.get_by_role("button", name="Start empty")).to_be_visible(timeout=60_000)
        usable.append(float(await app.page.evaluate(START)))
    figures.info("a start without a server: %.0f ms", min(usable))
    assert min(usable) < COLD_START_MS

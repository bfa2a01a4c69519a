/** Exercise cards: what they say, what their buttons ask for, and where the focus is when a verdict arrives. */
import assert from 'node:assert/strict';
import type { CheckVerdict } from '../../../src/protocol/exercise';
import type { ExerciseCard } from '../../../src/protocol/panel';
import { EXERCISES } from './exercises';
import { usePanels, type PanelPage } from './page';
import { clothesScene } from './scenes';

describe('the exercises in the panel', function () {
  this.timeout(60_000);
  const { open } = usePanels();
  let panel: PanelPage;

  beforeEach(async () => {
    panel = await open();
    await panel.send(...clothesScene('training', 0.4), { type: 'exercises', cards: EXERCISES });
  });

  const card = (title: string): string => `.exercise:has(h3:text-is("${title}"))`;

  it('show the state, what was expected and found, the input, hints that were asked for, and what to read', async () => {
    const text = await panel.page.locator(card('The scaling')).innerText();
    for (const part of ['0 of 3', 'not scaled', '[1.25, 0, 3.75, 5]', '[1, 0, 3, 4]', 'rate = 0.2', 'Hint 1: Write']) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.match(await panel.page.locator(card('The mask')).innerText(), /passed on Nov 20, 2026/);
  });

  it('say which code has changed since it was checked', async () => {
    assert.match(await panel.page.locator(card('The mask')).innerText(), /changed since the last check/);
    assert.doesNotMatch(await panel.page.locator(card('The scaling')).innerText(), /changed since/);
  });

  it('are there before any run, with what the lesson is about', async () => {
    const lesson = { id: 'dropout', title: 'Dropout', summary: 'A network that overfits.' };
    await panel.send({ type: 'show', run: null, lesson }, { type: 'exercises', cards: EXERCISES });
    assert.equal(await panel.page.getByRole('heading', { name: 'Dropout' }).isVisible(), true);
    assert.equal(await panel.page.locator('.exercise').count(), EXERCISES.length);
    const solved = EXERCISES.filter(({ passedAt }) => passedAt !== undefined).length;
    const heading = `Exercises · ${String(solved)} of ${String(EXERCISES.length)}`;
    assert.equal(await panel.page.getByRole('heading', { name: heading }).isVisible(), true);
    // Another lesson without a run takes its exercises along.
    await panel.send({ type: 'show', run: null, lesson: { ...lesson, id: 'other' } });
    assert.equal(await panel.page.locator('.exercise:visible').count(), 0);
  });

  it('offer the solution only where it may be seen', async () => {
    assert.equal(await panel.page.getByRole('button', { name: 'Solution: The mask' }).count(), 1);
    assert.equal(await panel.page.getByRole('button', { name: 'Solution: The scaling' }).count(), 0);
  });

  it('ask the host for what their buttons say', async () => {
    const actions = { Check: 'check', Task: 'task', 'Go to Code': 'open', 'Hint 2 of 2': 'hint', Reset: 'reset' };
    for (const [name, action] of Object.entries(actions)) {
      await panel.page.getByRole('button', { name: `${name}: The scaling` }).click();
      const last = (await panel.sent()).at(-1);
      assert.deepEqual(last, { type: 'exercise', action, lesson: 'dropout', exercise: 'scaling' });
    }
  });

  it('keep the focus when a verdict arrives', async () => {
    const check = panel.page.getByRole('button', { name: 'Check: The scaling' });
    await check.focus();
    const cards = EXERCISES.map((one) => (one.exercise === 'scaling' ? { ...one, state: 'checking' as const } : one));
    await panel.send({ type: 'exercises', cards });
    const focused = "document.activeElement?.getAttribute('aria-label')";
    assert.equal(await panel.evaluate(focused), 'Check: The scaling');
    // Also where a card before it is gone.
    await panel.send({ type: 'exercises', cards: cards.slice(1) });
    assert.equal(await panel.evaluate(focused), 'Check: The scaling');
  });

  it('show each check as it is done, and which one is under way', async () => {
    const checking = EXERCISES.find(({ exercise }) => exercise === 'scaling')!;
    const [first, second, third] = checking.checks;
    const bare = (check: (typeof checking.checks)[number]): ExerciseCard['checks'][number] => ({
      id: check.id,
      title: check.title,
      term: check.term,
    });
    const send = (...checks: ExerciseCard['checks']): Promise<void> =>
      panel.send({ type: 'exercises', cards: [{ ...checking, state: 'checking', checks }] });
    const looks = (): Promise<string[]> =>
      panel.evaluate("[...document.querySelectorAll('.checks .codicon')].map((icon) => icon.classList[1])");
    await send(bare(first!), bare(second!), bare(third!));
    assert.deepEqual(await looks(), [
      'codicon-loading',
      'codicon-circle-large-outline',
      'codicon-circle-large-outline',
    ]);
    const passed: CheckVerdict = { ...first!, status: 'passed' };
    await send(passed, bare(second!), bare(third!));
    assert.deepEqual(await looks(), ['codicon-pass', 'codicon-loading', 'codicon-circle-large-outline']);
    assert.match(await panel.page.locator(card('The scaling')).innerText(), /checking … · 1 of 3 checks passed/);
  });

  const inView = (title: string): Promise<boolean> =>
    panel.page
      .locator(card(title))
      .evaluate((element: { getBoundingClientRect(): { top: number; bottom: number } }) => {
        const { top, bottom } = element.getBoundingClientRect();
        const { innerHeight } = globalThis as unknown as { innerHeight: number };
        return top >= 0 && bottom <= innerHeight;
      });

  it('come into view with the reason when a check does not pass, also from a folded section', async () => {
    await panel.page.setViewportSize({ width: 500, height: 500 });
    await panel.page.locator('[data-section=exercises] > summary').click();
    const verdict = (state: ExerciseCard['state']): readonly ExerciseCard[] =>
      EXERCISES.map((one) => (one.exercise === 'rate' ? { ...one, state } : one));
    await panel.evaluate('scrollTo(0, 0)');
    await panel.send({ type: 'exercises', cards: verdict('passed') });
    assert.equal(await panel.evaluate('scrollY'), 0, 'a pass is not worth a jump');
    await panel.send(
      { type: 'exercises', cards: verdict('checking') },
      { type: 'exercises', cards: verdict('failed') },
    );
    assert.equal(await inView('A rate that helps'), true);
  });

  it('come into view when the host asks for it, as soon as they are there', async () => {
    await panel.page.setViewportSize({ width: 500, height: 500 });
    await panel.send({ type: 'exercises', cards: [] }, { type: 'revealExercise', exercise: 'rate' });
    await panel.send({ type: 'exercises', cards: EXERCISES });
    assert.equal(await inView('A rate that helps'), true);
    // Once: who scrolls on is not brought back.
    await panel.evaluate('scrollTo(0, 0)');
    await panel.send({ type: 'exercises', cards: [...EXERCISES] });
    assert.equal(await panel.evaluate('scrollY'), 0);
  });

  it('tell a screen reader the verdict when it comes, and nothing before', async () => {
    const said = panel.page.locator('[data-section="exercises"] [role=status]');
    assert.equal(await said.textContent(), '');
    const cards = EXERCISES.map((one) => (one.state === 'checking' ? { ...one, state: 'failed' as const } : one));
    await panel.send({ type: 'exercises', cards });
    assert.equal(await said.textContent(), 'A rate that helps: not passed · 0 of 1 check passed');
  });

  it('tell the same verdict again when another check has come to it', async () => {
    const said = panel.page.locator('[data-section="exercises"] [role=status]');
    const failed = EXERCISES.map((one) => (one.state === 'checking' ? { ...one, state: 'failed' as const } : one));
    await panel.send({ type: 'exercises', cards: failed });
    const verdict = await said.textContent();
    assert.notEqual(verdict, '');
    await panel.send({ type: 'exercises', cards: EXERCISES });
    assert.equal(await said.textContent(), '', 'what does not change is not said');
    await panel.send({ type: 'exercises', cards: failed });
    assert.equal(await said.textContent(), verdict);
  });

  it('say once what stands in the way of every check, and what to do', async () => {
    const error = { code: 'EXERCISE_EXPORT' as const, message: "There is no 'rate'.", remedy: 'Write it again.' };
    const cards = EXERCISES.map((one) => ({
      ...one,
      error,
      checks: one.checks.map((check) => ({ ...check, status: 'notRun' as const, message: error.message })),
    }));
    await panel.send({ type: 'exercises', cards });
    const text = await panel.page.locator(card('The scaling')).innerText();
    assert.equal(text.split(error.message).length, 2, text);
    assert.ok(text.includes(error.remedy));
  });

  it('begin with the first hint again after the last', async () => {
    const cards = EXERCISES.map((one) => ({ ...one, hints: ['One.', 'Two.'] }));
    await panel.send({ type: 'exercises', cards });
    assert.equal(await panel.page.getByRole('button', { name: 'Hint 1 of 2: The scaling' }).count(), 1);
  });

  it('are not there for a lesson without any', async () => {
    await panel.send({ type: 'exercises', cards: [] });
    assert.equal(await panel.page.locator('[data-section="exercises"]').isVisible(), false);
  });
});

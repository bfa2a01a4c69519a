import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { labPaths, terminalLocale, userPath } from '../../../src/cli/context';
import { errorText } from '../../../src/cli/errorText';
import { bar } from '../../../src/cli/progress/format';
import { RunPrinter } from '../../../src/cli/progress/printer';
import { StopRequests } from '../../../src/cli/stop';
import { plain } from '../../../src/words/plain';
import type { Metrics, Point, RunRecord } from '../../../src/protocol/run';
import { root } from './program';

describe('the words of others in a terminal', () => {
  it('move no cursor, change no title and no direction, and keep their lines', () => {
    const evil = '\x1b]0;title\x07\x1b[2Ja\u202eb\r\x9bc\n\td\u0000';
    assert.equal(plain(evil), ']0;title[2Jabc\n\td');
    const written: string[] = [];
    const printer = new RunPrinter({ isTTY: true, columns: 80, write: (text) => written.push(text) }, `${evil} `);
    printer.print(evil);
    printer.activity(evil, null);
    printer.end({
      title: evil,
      state: 'failed',
      latest: {},
      progress: {},
      end: { reason: 'error', at: '', error: { code: 'INTERNAL', message: evil } },
    } as unknown as RunRecord);
    const own = '\r\x1b[2K';
    assert.doesNotMatch(written.join('').replaceAll(own, ''), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.doesNotMatch(errorText({ code: 'INTERNAL', message: evil, found: evil, remedy: evil }), /\x1b|\u202e/);
  });
});

describe('the bar of a terminal', () => {
  it('has a constant width, also beyond its ends', () => {
    assert.equal(bar(0.5, 4), '██░░');
    assert.equal(bar(-1, 4), '░░░░');
    assert.equal(bar(7, 4), '████');
  });
});

describe('the live line of a run', () => {
  const training = (step: number): RunRecord =>
    ({
      state: 'training',
      progress: { step, stepsPerEpoch: 63, totalSteps: 126, secondsLeft: 6.4 },
      latest: { loss: 1.0887 },
    }) as unknown as RunRecord;
  const point = (kind: Point['kind'], step: number, values: Metrics): Point => ({
    kind,
    step,
    epoch: step / 63,
    time: step / 100,
    learningRate: 0.1,
    values,
  });

  it('goes with the points where the record that counts them comes later, and never back', () => {
    const screen = { isTTY: true, columns: 120, text: '', write: (text: string): unknown => (screen.text += text) };
    const printer = new RunPrinter(screen);
    const lines = (): (string | undefined)[] => screen.text.split('\r\x1b[2K').slice(1);
    printer.update(training(2));
    assert.match(lines().at(-1) ?? '', /^epoch 1 · .* 2\/63 · 6 s left · loss 1\.0887$/);
    printer.points([point('step', 63, { loss: 0.9 }), point('epoch', 63, { loss: 0.8, val_loss: 0.7 })]);
    assert.match(lines().at(-2) ?? '', /^epoch 1 {2}loss 0\.8000 {2}val_loss 0\.7000 {2}0\.6 s\n$/);
    assert.match(lines().at(-1) ?? '', /^epoch 1 · .* 63\/63 · 3 s left · loss 0\.8000$/);
  });
});

describe('an error in a terminal', () => {
  it('says what happened, where, what was expected and found, and what to do', () => {
    const text = errorText({
      code: 'MODEL_SHAPE',
      message: 'The shapes do not fit.',
      location: { file: '/m.ts', line: 3, column: 9 },
      expected: '[null, 10]',
      found: '[null, 9]',
      remedy: 'Give the last layer 10 units.',
    });
    assert.equal(
      text,
      [
        'The shapes do not fit.',
        '  /m.ts:3:9',
        '  expected: [null, 10]',
        '  found: [null, 9]',
        'Give the last layer 10 units.',
      ].join('\n'),
    );
  });
});

describe('an error whose message says what was expected and found', () => {
  it('does not say it again', () => {
    const message = 'epochs: expected a whole number of at least 1, found -1.';
    const data = { code: 'EXPERIMENT_INVALID', expected: 'a whole number of at least 1', found: '-1' } as const;
    assert.equal(errorText({ ...data, message }), message);
    assert.equal(errorText({ ...data, message: 'Too few: -1.' }).split('\n').length, 3);
  });
});

describe('requests to stop', () => {
  it('count presses, not signals: npm may pass on what the terminal has sent too', () => {
    const source = new EventEmitter();
    let now = 0;
    const stops = new StopRequests(source, () => now);
    const heard: number[] = [];
    stops.onStop((times) => heard.push(times));
    assert.equal(stops.signal.aborted, false);
    source.emit('SIGINT');
    now = 200;
    source.emit('SIGINT');
    assert.deepEqual(heard, [1]);
    assert.equal(stops.signal.aborted, true);
    now = 2_000;
    source.emit('SIGINT');
    assert.deepEqual(heard, [1, 2]);
  });

  it('reach whoever asks late, and not who no longer cares', () => {
    const source = new EventEmitter();
    const stops = new StopRequests(source, () => 0);
    const early: number[] = [];
    const late: number[] = [];
    stops.onStop((times) => early.push(times)).dispose();
    source.emit('SIGTERM');
    stops.onStop((times) => late.push(times));
    assert.deepEqual([early, late], [[], [1]]);
  });
});

describe('the surroundings of a command', () => {
  it('give its language', () => {
    assert.equal(terminalLocale({ LANG: 'zh_CN.UTF-8' }), 'zh-cn');
    assert.equal(terminalLocale({ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }), 'en');
    assert.equal(terminalLocale({ LC_ALL: '', LANG: 'zh_CN' }), 'zh-cn');
    assert.equal(terminalLocale({}), 'en');
  });

  it('give paths as the user meant them: npm starts programs in the clone', () => {
    assert.equal(userPath('model.ts', { INIT_CWD: '/home/me' }), '/home/me/model.ts');
    assert.equal(userPath('/a/model.ts', { INIT_CWD: '/home/me' }), '/a/model.ts');
  });

  it('give the clone and the cache', () => {
    const paths = labPaths({ DEEP_LEARNING_LAB_ROOT: root, DEEP_LEARNING_LAB_CACHE: '/c' });
    assert.deepEqual(paths, { root, cache: '/c' });
  });
});

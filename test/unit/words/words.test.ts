import * as l10n from '@vscode/l10n';
import assert from 'node:assert/strict';
import path from 'node:path';
import type { EndReason, RunRecord } from '../../../src/protocol/run';
import * as counts from '../../../src/words/counts';
import { headline, inOrder, metricsText } from '../../../src/words/metrics';
import { briefFigure, bytes, count, figure, setLocale, short } from '../../../src/words/numbers';
import { capitalised, endSentence, epochText, stateText } from '../../../src/words/runs';
import { ago, duration, timeLeft } from '../../../src/words/times';
import { repositoryRoot } from '../manifest/root';
import { sound } from '../runFolder/support';

/** In Chinese while `body` runs. */
function inChinese(body: () => void): void {
  l10n.config({ fsPath: path.join(repositoryRoot(), 'l10n', 'bundle.l10n.zh-cn.json') });
  setLocale('zh-cn');
  try {
    body();
  } finally {
    l10n.config({ contents: {} });
    setLocale('en');
  }
}

const COUNTED = [counts.runs, counts.epochs, counts.steps, counts.points, counts.examples, counts.trainingExamples];

describe('counts', () => {
  it('are singular of one alone in English', () => {
    for (const words of COUNTED) {
      assert.match(words(1), /^1 .*[^s]$/);
      for (const n of [0, 2, 21]) assert.match(words(n), new RegExp(`^${String(n)} .*s$`));
    }
    assert.equal(counts.examples(60_000), '60,000 examples');
    assert.equal(counts.progress(2, 5), '2 of 5');
  });

  it('have their measure word and no English in Chinese', () => {
    inChinese(() => {
      for (const words of COUNTED) {
        const [one, two] = [words(1), words(2)];
        assert.match(one, /[\u4e00-\u9fff]|epoch/);
        assert.equal(one.replace('1', '2'), two, 'the words do not change with the number');
      }
      assert.equal(counts.steps(1), '1 步');
      assert.equal(counts.progress(2, 5), '2/5');
    });
  });
});

describe('figures', () => {
  it('keep their decimals while they change, and are a dash where there is no number', () => {
    const written: [number | null | undefined, string][] = [
      [0.91234, '0.9123'],
      [1, '1.0000'],
      [0, '0.0000'],
      [-0.5, '-0.5000'],
      [45.67891, '45.679'],
      [12_345.67, '12345.7'],
      [0.000123456, '1.23e-4'],
      [2_500_000, '2.500e+6'],
      [NaN, '–'],
      [Infinity, '–'],
      [null, '–'],
      [undefined, '–'],
    ];
    for (const [value, text] of written) assert.equal(figure(value), text);
    assert.equal(count(1_234_567), '1,234,567');
    assert.deepEqual([0.001, 0.1 + 0.2, 2.5e-5, 0].map(short), ['0.001', '0.3', '2.5e-5', '0']);
  });

  it('are brief in a narrow column; a share that is not whole is not shown as 1', () => {
    const written: [string, number, string][] = [
      ['val_accuracy', 0.91984, '0.91'],
      ['accuracy', 0.9999, '0.99'],
      ['val_accuracy', 0.29, '0.29'],
      ['accuracy', 1, '1.00'],
      ['loss', 2.302585, '2.3'],
      ['val_loss', 0.012345, '0.0123'],
      ['loss', NaN, '–'],
    ];
    for (const [series, value, text] of written) assert.equal(briefFigure(series, value), text);
  });

  it('put accuracy before loss and validation before training where one is told, and keep the customary order in a list', () => {
    assert.deepEqual(headline({ loss: 1, accuracy: 0.5, val_loss: 2, val_accuracy: 0.4 }), {
      series: 'val_accuracy',
      value: 0.4,
    });
    assert.deepEqual(headline({ loss: 1, val_loss: 2 }), { series: 'val_loss', value: 2 });
    assert.deepEqual(headline({ meanSquaredError: 3 }), { series: 'meanSquaredError', value: 3 });
    assert.equal(headline({}), undefined);
    assert.deepEqual(inOrder(['val_loss', 'f1', 'loss']), ['loss', 'val_loss', 'f1']);
    assert.equal(metricsText({ val_loss: 0.5, f1: 0.25, loss: 0.123456 }), 'loss 0.1235  val_loss 0.5000  f1 0.2500');
  });
});

describe('sizes in memory', () => {
  it('are in the unit that fits, by powers of 1000', () => {
    const texts = [0, 4, 999, 1000, 6272, 99_900, 123_456, 31_400_000, 7e12].map(bytes);
    assert.deepEqual(texts, ['0 B', '4 B', '999 B', '1 kB', '6.3 kB', '99.9 kB', '123 kB', '31.4 MB', '7 TB']);
  });
});

describe('durations', () => {
  it('are in the unit that fits, in both languages', () => {
    assert.deepEqual([-1, 0, 0.31, 9.94, 41.4, 59.6, 65, 3599.7, 3725].map(duration), [
      '0 s',
      '0 s',
      '0.3 s',
      '9.9 s',
      '41 s',
      '1 min 00 s',
      '1 min 05 s',
      '1 h 00 min',
      '1 h 02 min',
    ]);
    assert.equal(timeLeft(0.2), '1 s left');
    inChinese(() => {
      assert.equal(duration(65), '1 分 05 秒');
    });
  });

  it('say how long ago something was', () => {
    const at = (seconds: number, style?: 'narrow'): string =>
      ago('2026-01-01T00:00:00.000Z', Date.UTC(2026, 0, 1) + seconds * 1000, style);
    assert.equal(at(0), 'now');
    assert.equal(at(59), '59 sec. ago');
    assert.equal(at(125), '2 min. ago');
    assert.equal(at(86_400), 'yesterday');
    assert.equal(at(-5), 'now', 'a clock that is a little behind');
    assert.equal(at(125, 'narrow'), '2m ago');
  });
});

describe('the states and ends of runs', () => {
  const ended = (reason: EndReason, epochs = 10): RunRecord => ({
    ...sound,
    end: { reason, at: sound.createdAt, unattended: false },
    config: { ...sound.config!, epochs },
    progress: { ...sound.progress, epoch: 3, step: 1, seconds: 41 },
  });
  const REASONS: readonly EndReason[] = [
    'completed',
    'targetReached',
    'noImprovement',
    'stoppedByUser',
    'killed',
    'abandoned',
    'error',
    'trainerDied',
  ];

  it('have a sentence of their own for every reason, in both languages', () => {
    const check = (): void => {
      assert.equal(new Set(REASONS.map((reason) => endSentence(ended(reason)))).size, REASONS.length);
    };
    check();
    inChinese(check);
  });

  it('count rightly', () => {
    assert.equal(endSentence(ended('completed')), 'All 10 epochs are done, after 41 s.');
    assert.equal(endSentence(ended('completed', 1)), 'The one epoch is done, after 41 s.');
    assert.equal(endSentence(ended('stoppedByUser')), 'Stopped in epoch 3, after 1 step and 41 s.');
    assert.equal(epochText(ended('completed')), 'epoch 3/10');
    assert.equal(capitalised(stateText('finished')), 'Finished');
  });
});

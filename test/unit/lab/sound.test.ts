/** What is computed of a wave: against librosa 0.11 and hand arithmetic, on both engines. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { sound } from '../../../src/lab';
import { LabError } from '../../../src/protocol/errors';

/** 0.15 s at 8 kHz: two tones and one that rises. */
const wave = (): tf.Tensor1D =>
  tf.tensor1d(
    Float32Array.from({ length: 1_200 }, (_, i) => {
      const t = i / 8_000;
      const rising = 2 * Math.PI * (900 + 900 * t) * t;
      return 0.4 * Math.sin(2 * Math.PI * 440 * t) + 0.2 * Math.sin(rising) + 0.05 * Math.cos(2 * Math.PI * 3_100 * t);
    }),
  );

const FRAMES = { frame: 256, hop: 80 };
/** Of frame 0 and frame 7, the natural logarithm, from 1e-6. */
const LIBROSA = {
  slaney: {
    0: [
      -13.81551, -11.5444, 0.65475, 1.92504, -2.28419, -11.85842, -4.69987, 0.54881, -0.80084, -9.93412, -13.81551,
      -13.81551, -13.81551, -13.81551, -13.81551, -13.81551, -13.81551, -4.46452, -3.44484, -13.81551,
    ],
    7: [
      -13.81551, -11.50531, 0.65475, 1.92504, -2.28413, -13.71036, -13.15395, -5.3938, 0.36509, -0.53293, -10.05134,
      -13.81551, -13.81551, -13.81551, -13.81551, -13.81551, -13.81551, -4.46452, -3.44484, -13.81551,
    ],
  },
  htk: {
    0: [
      -12.4837, -10.58087, -7.75673, 3.23578, 6.6825, 5.07078, -6.91616, 0.89179, 5.33989, 3.55045, -7.66719, -11.70819,
      -13.81551, -13.81551, -13.81551, -13.81551, -13.81551, 1.78987, 2.23765, -12.13798,
    ],
    7: [
      -11.70194, -10.29711, -7.69355, 3.2359, 6.68249, 5.07081, -7.34397, -8.40334, 2.73886, 5.40594, 2.02353, -9.14347,
      -12.52783, -13.81551, -13.81551, -13.81551, -13.74698, 1.78987, 2.23765, -12.15776,
    ],
  },
} as const;

function close(found: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  assert.equal(found.length, wanted.length);
  wanted.forEach((value, i) => {
    assert.ok(Math.abs((found[i] ?? Number.NaN) - value) <= tolerance, `${i}: ${found[i]} in place of ${value}`);
  });
}

/** Without leaving a tensor behind. */
function clean(work: () => void): void {
  const before = tf.memory().numTensors;
  tf.tidy(work);
  assert.equal(tf.memory().numTensors, before);
}

describe('lab/sound', () => {
  it('the spectrogram of a wave has the powers of librosa.stft', () => {
    clean(() => {
      const found = sound.spectrogram(wave(), FRAMES);
      assert.deepEqual(found.shape, [12, 129]);
      const rows = found.arraySync() as number[][];
      close([rows[0]?.[14] ?? 0, rows[10]?.[100] ?? 0], [649.98483, 4.32163], 1e-2);
      close([rows[0]?.[0] ?? 1, rows[5]?.[29] ?? 0, rows[11]?.[128] ?? 1], [3.1e-7, 0.017551, 1.6e-9], 1e-4);
    });
  });

  it('of a cosine that fits a frame without a window is all at its frequency, by hand', () => {
    clean(() => {
      // |Σ cos²(2π 3 n / 16)|² = 8², and nothing elsewhere.
      const cosine = tf.tensor1d(Array.from({ length: 24 }, (_, n) => Math.cos((2 * Math.PI * 3 * n) / 16)));
      const found = sound.spectrogram(cosine, { frame: 16, window: 'none' });
      assert.deepEqual(found.shape, [2, 9]);
      close(found.dataSync(), [0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0], 1e-4);
      const finer = sound.spectrogram(cosine, { frame: 16, fft: 32, window: 'none' });
      assert.deepEqual(finer.shape, [2, 17]);
      close([finer.slice([0, 6], [1, 1]).dataSync()[0] ?? 0], [64], 1e-4);
    });
  });

  for (const scale of ['slaney', 'htk'] as const) {
    it(`the log-mel powers with the scale ${scale} are librosa's, of one wave and of a batch`, () => {
      clean(() => {
        const options = { ...FRAMES, rate: 8_000, mels: 20, scale };
        const one = sound.logMel(wave(), options);
        assert.deepEqual(one.shape, [12, 20]);
        for (const [row, wanted] of Object.entries<readonly number[]>(LIBROSA[scale]))
          close(one.slice([Number(row), 0], [1, 20]).dataSync(), wanted, 0.02);
        const batch = sound.logMel(tf.stack([tf.zeros([1_200]), wave()]), options);
        assert.deepEqual(batch.shape, [2, 12, 20]);
        close(batch.slice([1, 0, 0], [1, 12, 20]).dataSync(), [...one.dataSync()], 1e-4);
        close(
          batch.slice([0, 0, 0], [1, 12, 20]).dataSync(),
          Array.from({ length: 240 }, () => Math.log(1e-6)),
          1e-4,
        );
      });
    });
  }

  it('the filters sum to what those of librosa sum to, weighted by the frequency', () => {
    clean(() => {
      const weighted = (scale: sound.MelScale): number => {
        const filters = sound.melFilters({ rate: 8_000, fft: 256, mels: 20, scale });
        return tf.sum(tf.mul(filters, tf.range(0, 129).expandDims(1))).dataSync()[0] ?? 0;
      };
      close([weighted('slaney'), weighted('htk')], [29.6175, 7394.613], 0.01);
    });
  });

  it('mels are those of librosa, and lead back', () => {
    const hertz = [100, 500, 1_000, 2_000, 4_000];
    const mels = (scale: sound.MelScale): number[] => hertz.map((one) => sound.melOfHertz(one, scale));
    close(mels('slaney'), [1.5, 7.5, 15, 25.0818802, 35.1637603], 1e-6);
    close(mels('htk'), [150.4891024, 607.44592, 999.9855371, 1521.3595542, 2146.0645275], 1e-6);
    for (const scale of ['slaney', 'htk'] as const)
      close(
        mels(scale).map((mel) => sound.hertzOfMel(mel, scale)),
        hertz,
        1e-8,
      );
  });

  it('has gradients: those of differences of the wave', () => {
    clean(() => {
      const options = { frame: 32, hop: 16, rate: 8_000, mels: 6 };
      const x = wave().slice(0, 64);
      const loss = (one: tf.Tensor): tf.Scalar => tf.sum(sound.logMel(one, options)).asScalar();
      const slope = tf.grad(loss)(x).dataSync();
      for (const place of [5, 20, 40]) {
        const step = tf.oneHot(tf.scalar(place, 'int32'), 64).mul(1e-3).toFloat().reshape([64]);
        const difference = tf.sub(loss(x.add(step)), loss(x.sub(step))).dataSync()[0] ?? 0;
        assert.ok(Math.abs(difference / 2e-3 - (slope[place] ?? 0)) < 0.02 * Math.max(1, Math.abs(slope[place] ?? 0)));
      }
    });
  });

  it('says what does not fit: a wave shorter than a frame, a band above half the rate, an unknown scale', () => {
    const refused = (work: () => unknown, pattern: RegExp): void => {
      assert.throws(work, (error) => error instanceof LabError && pattern.test(error.message));
    };
    clean(() => {
      const options = { frame: 256, rate: 8_000 };
      refused(() => sound.spectrogram(tf.zeros([100]), { frame: 256 }), /at least 256 samples.*\[100\]/);
      refused(() => sound.logMel(wave(), { ...options, to: 5_000 }), /to: .*4000.*5000/);
      refused(() => sound.logMel(wave(), { ...options, scale: 'bark' as 'htk' }), /'htk', 'slaney'/);
      refused(() => sound.spectrogram(wave(), { frame: 256, fft: 128 }), /fft/);
      refused(() => sound.logMel(wave(), { ...options, size: 3 } as typeof options), /size/);
    });
  });
});

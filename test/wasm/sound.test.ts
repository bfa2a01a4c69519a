/** The front end of speech on WebAssembly, against the formula in plain JavaScript. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import * as sound from '../../src/lab/sound';
import { difference } from './cpu';
import { useWasm } from './engine';

const [FRAME, HOP, SAMPLES] = [32, 20, 96];
const waves = Array.from({ length: 2 }, (_, row) =>
  Array.from({ length: SAMPLES }, (_, i) => 0.5 * Math.sin(0.3 * i + row) + 0.2 * Math.cos(1.7 * i * (row + 1))),
);

/** Σ over the batch of |Σ w(n) x(n) e^(-2πikn/32)|², [row, frame, frequency]. */
const powers = waves.flatMap((wave) =>
  [0, 1, 2, 3].flatMap((frame) =>
    Array.from({ length: FRAME / 2 + 1 }, (_, k) => {
      let [real, imaginary] = [0, 0];
      for (let n = 0; n < FRAME; n++) {
        const value = (wave[frame * HOP + n] ?? Number.NaN) * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME));
        real += value * Math.cos((2 * Math.PI * k * n) / FRAME);
        imaginary -= value * Math.sin((2 * Math.PI * k * n) / FRAME);
      }
      return real ** 2 + imaginary ** 2;
    }),
  ),
);

describe('sound on WebAssembly', () => {
  before(useWasm);

  it('the spectrogram of a batch is the Fourier transform of its frames, and no memory stays taken', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const found = sound.spectrogram(tf.tensor2d(waves), { frame: FRAME, hop: HOP });
      assert.deepEqual(found.shape, [2, 4, 17]);
      assert.ok(difference(found.dataSync(), powers) < 1e-5);
    });
    assert.equal(tf.memory().numTensors, before);
  });

  it('the log-mel powers are logarithms of its bands, and their gradient is that of differences', () => {
    tf.tidy(() => {
      const options = { frame: FRAME, hop: HOP, rate: 8_000, mels: 5 };
      const x = tf.tensor2d(waves);
      const filters = sound.melFilters({ rate: 8_000, fft: FRAME, mels: 5 });
      const bands = tf.matMul(tf.tensor2d(powers, [8, 17]), filters).dataSync();
      const wanted = Array.from(bands, (value) => Math.log(Math.max(value, 1e-6)));
      assert.ok(difference(sound.logMel(x, options).dataSync(), wanted) < 1e-4);
      const loss = (one: tf.Tensor): tf.Scalar => tf.sum(sound.logMel(one, options)).asScalar();
      const slope = tf.grad(loss)(x).dataSync();
      for (const place of [10, 50, SAMPLES + 30]) {
        const step = Array.from({ length: 2 * SAMPLES }, (_, i) => (i === place ? 1e-3 : 0));
        const [up, down] = [1, -1].map((sign) => loss(x.add(tf.tensor2d(step, [2, SAMPLES]).mul(sign))).dataSync()[0]);
        const found = ((up ?? Number.NaN) - (down ?? Number.NaN)) / 2e-3;
        assert.ok(
          Math.abs(found - (slope[place] ?? 0)) < 0.03 * Math.max(1, Math.abs(found)),
          `${found} ${slope[place]}`,
        );
      }
    });
  });
});

/** Other sampling rates: band-limited interpolation by a windowed sinc. */

/** Zero crossings of the sinc on each side: the steepness of the filter. */
const CROSSINGS = 32;
/** Of the Kaiser window: what the filter stops is 90 dB below what it lets pass. */
const BETA = 9;
/** The middle of its slope, as a share of half the lower rate; above half there is nothing left to fold back. */
const ROLL_OFF = 0.91;
/** Values of the filter between two zero crossings; with straight lines between them the error stays below 1e-7. */
const PRECISION = 2_048;
/** Coefficients that are kept: with rates that have few common divisors there would be one set for each sample. */
const KEPT = 2 ** 21;

/**
 * A signal at another rate. Frequencies above 0.82 of half the lower rate fade, those above half of it are gone. Before and
 * after the signal there is silence.
 *
 * @param signal Nothing is changed in it.
 * @param from Hz @param to Hz
 * @param most No more samples than these are made.
 * @returns ceil(length · to / from) samples, the first at the time of the first.
 *   Source: Julius O. Smith, "Digital Audio Resampling Home Page", Stanford 2002; Kaiser and Schafer 1980 for the window
 */
export function resample(
  signal: Float32Array,
  from: number,
  to: number,
  most = Number.POSITIVE_INFINITY,
): Float32Array {
  if (from === to) return signal.slice(0, most);
  return resamplerOf(from, to)(signal, most);
}

type Resampler = (signal: Float32Array, most: number) => Float32Array;

let last: { readonly from: number; readonly to: number; readonly work: Resampler } | undefined;

/** Files of a folder have the same rate nearly always. */
function resamplerOf(from: number, to: number): Resampler {
  if (last?.from !== from || last.to !== to) last = { from, to, work: makeResampler(from, to) };
  return last.work;
}

function makeResampler(from: number, to: number): Resampler {
  const divisor = commonDivisor(from, to);
  const [up, down] = [to / divisor, from / divisor];
  /** Of the filter, in cycles for each sample of the signal, times two. */
  const cutoff = ROLL_OFF * Math.min(1, up / down);
  const reach = CROSSINGS / cutoff;
  const taps = 2 * Math.ceil(reach);
  const kept = new Map<number, Float32Array>();
  /** What counts of the samples around a place between two samples, `phase / up` behind the first of them. */
  const coefficients = (phase: number): Float32Array => {
    const known = kept.get(phase);
    if (known !== undefined) return known;
    const made = new Float32Array(taps);
    for (let tap = 0; tap < taps; tap++) made[tap] = cutoff * filterAt((tap - taps / 2 + 1 - phase / up) * cutoff);
    if ((kept.size + 1) * taps <= KEPT) kept.set(phase, made);
    return made;
  };
  return (signal, most) => {
    const length = Math.min(Math.ceil((signal.length * up) / down), most);
    const result = new Float32Array(length);
    for (let i = 0; i < length; i++) {
      const place = i * down;
      const weights = coefficients(place % up);
      const first = Math.floor(place / up) - taps / 2 + 1;
      let sum = 0;
      for (let tap = Math.max(0, -first), end = Math.min(taps, signal.length - first); tap < end; tap++)
        sum += (weights[tap] ?? 0) * (signal[first + tap] ?? 0);
      result[i] = sum;
    }
    return result;
  };
}

let table: Float64Array | undefined;

/** sinc(x) under the window. @param x in zero crossings from the middle */
function filterAt(x: number): number {
  table ??= Float64Array.from({ length: CROSSINGS * PRECISION + 2 }, (_, i) => windowedSinc(i / PRECISION));
  const place = Math.abs(x) * PRECISION;
  const before = Math.floor(place);
  if (before > CROSSINGS * PRECISION) return 0;
  const left = table[before] ?? 0;
  return left + (place - before) * ((table[before + 1] ?? 0) - left);
}

function windowedSinc(x: number): number {
  const share = x / CROSSINGS;
  if (share >= 1) return 0;
  const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  return (sinc * besselI0(BETA * Math.sqrt(1 - share ** 2))) / besselI0(BETA);
}

/** The modified Bessel function of order 0, by its power series. */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

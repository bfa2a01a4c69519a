/** This product in a process of its own, beside PyTorch's. */
import { THREADS } from '../peers';
import { TimedProcess } from '../timedProcess';
import type { GptBench } from './gpt';

/** The argument that makes of the benchmark's program this process. */
const CHILD = '--own-language';

export type Request =
  | { readonly task: 'prompt' | 'further'; readonly file: string; readonly tokens: readonly number[] }
  | ({ readonly task: 'gpt'; readonly steps: number } & Pick<GptBench, 'size' | 'batch'>)
  | { readonly task: 'lora'; readonly steps: number; readonly file: string };

export const ownProcess = (): TimedProcess =>
  new TimedProcess('ours', [process.execPath, '--enable-source-maps', process.argv[1] ?? '', CHILD], {
    TF_NUM_INTRAOP_THREADS: String(THREADS),
    TF_NUM_INTEROP_THREADS: String(THREADS),
  });

export const isOwnProcess = (): boolean => process.argv[2] === CHILD;

import type { ClientInfo } from '../../protocol/trainer';
import type { LabPaths } from '../paths';

/** How a client wants a trainer; one trainer serves one key at a time. */
export interface TrainerOptions {
  /** The working copy's folder, or the model file's folder. */
  readonly key: string;
  readonly paths: LabPaths;
  /** The Node (or Electron) that runs it. Default: our own. */
  readonly execPath?: string;
  /** The user's setting `deepLearningLab.data.directory`. */
  readonly dataDirectory?: string;
  /** e.g. "en", "zh-cn" */
  readonly locale?: string;
  /** Default: 80 % of the machine's memory. */
  readonly memoryLimitMB?: number;
  /** A trainer with neither client nor work ends after this long. Default 60. */
  readonly idleSeconds?: number;
  readonly client: ClientInfo;
}

import type { EngineChoice, TrainerRole } from '../../protocol/launch';
import type { LabPaths } from '../paths';

/** How a client wants a trainer: of each role there is one a project. */
export interface TrainerOptions {
  /** The working copy's folder, or the model file's folder; of a kernel, the notebook's file. */
  readonly project: string;
  /** Default: 'training'. */
  readonly role?: TrainerRole;
  readonly paths: LabPaths;
  /** Default: 'auto'. */
  readonly engine?: EngineChoice;
  /** How many threads it computes with. Default: one a processor. */
  readonly threads?: number;
  /** What prepares an engine where this client's errors are read. Default: the npm script. */
  readonly prepareEngine?: string;
  /** The Node (or Electron) that runs it. Default: our own. */
  readonly execPath?: string;
  /** e.g. "en", "zh-cn" */
  readonly locale?: string;
  /** Default: 80 % of the machine's memory. */
  readonly memoryLimitMB?: number;
  /** A trainer whose model file blocks it for so long ends, also when nobody is there to stop it. Default: the role's. */
  readonly blockedSeconds?: number;
  /** A trainer with neither client nor work ends after this long. Default: the role's. */
  readonly idleSeconds?: number;
  /** A trainer that is there but does not answer for so long is given up. Default 15. */
  readonly answerSeconds?: number;
}

import type { LabPaths } from '../client/paths';
import type { Report } from './report';

/** What every step of the set-up is told. */
export interface SetupContext {
  readonly paths: LabPaths;
  /** The environment programs are looked up in and started with. */
  readonly env: NodeJS.ProcessEnv;
  readonly report?: Report;
  readonly signal?: AbortSignal | undefined;
}

/** What to run, where the reader is: a clone of the lab has npm scripts, an installed extension a command. */
import * as l10n from '@vscode/l10n';
import { isClone, type LabPaths } from '../../client/paths';
import { PREPARE_IN_CLONE } from '../../protocol/launch';

export function prepareCommand(paths: LabPaths): string {
  return isClone(paths) ? PREPARE_IN_CLONE : l10n.t('Deep Learning Lab: Prepare TensorFlow Engine');
}

/** tfjs-node's own route needs its whole package, which only a clone has; what it brings serves both. */
export function upstreamRemedy(paths: LabPaths): string {
  return isClone(paths)
    ? l10n.t('Run "npm run engine -- --upstream" to use the older library that tfjs-node itself downloads.')
    : l10n.t(
        'In a clone of the lab, "npm run engine -- --upstream" brings the older library that tfjs-node itself downloads; the extension uses it as well.',
      );
}

import * as l10n from '@vscode/l10n';
import * as lab from '../../lab';
import { closest } from '../../lab/didYouMean';
import type { LabErrorData } from '../../protocol/errors';

/** How V8 words a call of something that is not there; esbuild puts the module's name in front of what is imported. */
const NOT_CALLABLE = /^(?:\(0\s*,\s*)?(?:import_\w+\.)?([\w$]+(?:\.[\w$]+)*)\)? is not a (?:function|constructor)$/;

/** A misspelt layer, optimizer, data set, loss, …; undefined when it is not about a name of the lab's. */
export function asUnknownName(error: Error): LabErrorData | undefined {
  const path = error instanceof TypeError ? NOT_CALLABLE.exec(error.message)?.[1]?.split('.') : undefined;
  const name = path?.at(-1);
  if (path === undefined || name === undefined) return undefined;
  const owner = ownerOf(path.slice(0, -1));
  if (owner === undefined || name in owner) return undefined;
  // tf.train is a class with static functions.
  const names = Object.getOwnPropertyNames(owner).filter((key) => typeof Reflect.get(owner, key) === 'function');
  const meant = closest(name, names);
  const ownerName = path.slice(0, -1).join('.') || 'deep-learning-lab';
  return {
    code: 'MODEL_UNKNOWN_NAME',
    message: l10n.t("'{0}' is not in {1}.", name, ownerName),
    expected: names.length > 40 ? l10n.t('a function of {0}', ownerName) : names.join(', '),
    found: name,
    remedy:
      meant === undefined
        ? l10n.t('Type "{0}." and let the editor complete it.', ownerName)
        : l10n.t("Did you mean '{0}'?", meant),
    ...(meant === undefined ? {} : { fixes: [{ kind: 'rename', from: name, to: meant }] }),
  };
}

function ownerOf(path: readonly string[]): object | undefined {
  let owner: unknown = lab;
  for (const part of path) {
    if (!hasMembers(owner) || !(part in owner)) return undefined;
    owner = Reflect.get(owner, part);
  }
  return hasMembers(owner) ? owner : undefined;
}

function hasMembers(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

import * as l10n from '@vscode/l10n';
import * as lab from '../../lab';
import { closest } from '../../lab/didYouMean';
import type { LabErrorData } from '../../protocol/errors';
import type { LayerPlaces } from './layerPlaces';

/** How V8 words a call of something that is not there; esbuild puts the module's name in front of what is imported. */
const NOT_CALLABLE = /^(?:\(0\s*,\s*)?(?:import_\w+\.)?([\w$]+(?:\.[\w$]+)*)\)? is not a (?:function|constructor)$/;

/** How tfjs words a text that it does not know, and which it knows. */
const UNKNOWN = /^Unknown (activation|initializer): ([^.]*)\./;
const NOT_VALID = /^(.*) is not a valid \w+\. +Valid values are (\S+) or null/;
const KNOWN: Readonly<Record<string, string>> = {
  activation:
    'elu gelu gelu_new hardSigmoid linear logSoftmax mish relu relu6 selu sigmoid softmax softplus softsign swish tanh',
  initializer:
    'constant glorotNormal glorotUniform heNormal heUniform identity leCunNormal leCunUniform ones orthogonal ' +
    'randomNormal randomUniform truncatedNormal varianceScaling zeros',
};

/** A misspelt activation, initializer, padding, …; undefined when it is not about one. */
export function asUnknownText(error: Error, layers: LayerPlaces): LabErrorData | undefined {
  const unknown = UNKNOWN.exec(error.message);
  const invalid = NOT_VALID.exec(error.message);
  const found = unknown?.[2] ?? invalid?.[1];
  if (found === undefined) return undefined;
  const names = invalid?.[2]?.split(',') ?? KNOWN[unknown?.[1] ?? '']?.split(' ') ?? [];
  const given: unknown = layers.failedCall()?.given;
  const field = Object.entries(given ?? {}).find(([, value]) => value === found)?.[0] ?? unknown?.[1];
  const meant = closest(found, names);
  return {
    code: 'MODEL_UNKNOWN_NAME',
    message:
      field === undefined
        ? l10n.t("TensorFlow.js does not know '{0}'.", found)
        : l10n.t("{0}: TensorFlow.js does not know '{1}'.", field, found),
    expected: names.join(', '),
    found,
    remedy: meant === undefined ? l10n.t('Use one of these names.') : l10n.t("Did you mean '{0}'?", meant),
    ...(field === undefined ? {} : { field }),
    ...(meant === undefined ? {} : { fixes: [{ kind: 'rename', from: found, to: meant }] }),
  };
}

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

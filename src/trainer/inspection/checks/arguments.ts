import * as l10n from '@vscode/l10n';
import { closest } from '../../../lab/didYouMean';
import type { SourceLocation } from '../../../protocol/errors';
import type { Fix } from '../../../protocol/fix';
import type { LayerCall, LayerPlaces } from '../../modelFile/layerPlaces';
import { argumentsOf } from '../layerArguments';
import type { Finding } from '../problems';

/** tfjs takes no notice of arguments that it does not know: `activaton: 'relu'` makes a linear layer. */
export function unknownArguments(places: LayerPlaces): Finding[] {
  const failed = places.failedCall();
  const findings = places
    .existing()
    .flatMap(({ place, call }) => (call === undefined ? [] : inCall(call, place.location)));
  return failed === undefined ? findings : [...findings, ...inCall(failed, failed.trace[0])];
}

function inCall({ name, given }: LayerCall, location: SourceLocation | undefined): Finding[] {
  const known = argumentsOf(name);
  if (known === undefined || typeof given !== 'object' || given === null) return [];
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = closest(key, known);
      const remove: Fix = { kind: 'argument', name: key };
      return {
        severity: 'warning',
        code: 'MODEL_UNKNOWN_NAME',
        message: l10n.t("'{0}' is no argument of {1}; TensorFlow.js takes no notice of it.", key, `tf.layers.${name}`),
        expected: known.join(', '),
        found: key,
        remedy: meant === undefined ? l10n.t("Remove '{0}'.", key) : l10n.t("Did you mean '{0}'?", meant),
        field: key,
        fixes: meant === undefined ? [remove] : [{ kind: 'rename', from: key, to: meant }, remove],
        ...(location === undefined ? {} : { location }),
      };
    });
}

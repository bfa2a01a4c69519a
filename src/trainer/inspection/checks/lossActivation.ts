import * as l10n from '@vscode/l10n';
import { lossFamily, type LossFamily } from '../../../lab/losses/define';
import type { ResolvedLoss } from '../../../lab/resolve';
import type { Fix } from '../../../protocol/fix';
import type { Finding } from '../problems';
import type { OutputActivation } from './outputActivation';

interface Output {
  readonly activation: OutputActivation;
  /** Size of the last axis. */
  readonly units: number | undefined;
}

type Said = Pick<Finding, 'message' | 'expected' | 'found' | 'fixes' | 'severity'>;

const activation = (value?: string): Fix => ({
  kind: 'argument',
  name: 'activation',
  ...(value === undefined ? {} : { value: `'${value}'` }),
});
const fromLogits = (value: boolean): Fix => ({ kind: 'fromLogits', value });

/**
 * Whether what the last layer makes is what the loss takes. Both go on without a word when it is not, and the training
 * learns badly or nothing.
 */
export function lossActivationFinding(loss: ResolvedLoss, output: Output): Finding | undefined {
  const family = lossFamily(loss);
  const said =
    softmaxOfOne(family, output) ??
    (loss.fromLogits ? logitsExpected(family, output) : probabilitiesExpected(family, output));
  if (said === undefined) return undefined;
  return {
    code: 'MODEL_LOSS_ACTIVATION',
    remedy: l10n.t('Change the last activation or the loss, so that one of them, and only one, makes probabilities.'),
    ...said,
  };
}

type Family = LossFamily | undefined;

const isOfClasses = (family: Family): boolean => family === 'sparse' || family === 'categorical';

function softmaxOfOne(family: Family, { activation: { kind }, units }: Output): Said | undefined {
  if (kind !== 'softmax' || units !== 1) return undefined;
  return {
    message: l10n.t('The softmax of a single number is always 1: the model cannot answer anything else.'),
    expected: family === 'binary' ? l10n.t('sigmoid for one unit') : l10n.t('as many units as classes'),
    found: l10n.t('softmax over {0} unit', 1),
    fixes: family === 'binary' ? [activation('sigmoid')] : isOfClasses(family) ? [] : [activation()],
  };
}

/** The loss makes probabilities of what it gets. */
function logitsExpected(family: Family, { activation: { kind, name } }: Output): Said | undefined {
  if (kind === 'linear' || kind === 'logSoftmax') return undefined;
  const squash = family === 'binary' ? 'sigmoid' : 'softmax';
  const fixes = [activation()];
  const common = { expected: l10n.t('logits: no activation'), found: name };
  if (kind === 'other') {
    return {
      ...common,
      severity: 'warning',
      message: l10n.t('The loss takes logits, but the last layer cuts them with {0}.', name),
      fixes,
    };
  }
  return {
    ...common,
    message: l10n.t('The last layer applies {0}, and the loss with fromLogits applies {1} once more.', name, squash),
    fixes: kind === squash ? [...fixes, fromLogits(false)] : fixes,
  };
}

/** The loss takes the output as probabilities. */
function probabilitiesExpected(family: Family, { activation: { kind, name } }: Output): Said | undefined {
  if (family !== 'binary' && !isOfClasses(family)) return undefined;
  const right = family === 'binary' ? 'sigmoid' : 'softmax';
  if (kind === right || (family === 'binary' && kind === 'softmax')) return undefined;
  const common = { expected: l10n.t('probabilities: {0}', right), found: name };
  if (kind === 'sigmoid') {
    return {
      ...common,
      severity: 'warning',
      message: l10n.t('Sigmoid gives each class a probability of its own; for one class of many they should sum to 1.'),
      fixes: [activation(right)],
    };
  }
  return {
    ...common,
    message:
      kind === 'linear'
        ? l10n.t('The loss takes the output as probabilities, but the last layer has no activation: it makes logits.')
        : l10n.t('The loss takes the output as probabilities, which {0} does not make.', name),
    found: kind === 'linear' ? l10n.t('no activation') : name,
    fixes: kind === 'linear' ? [fromLogits(true), activation(right)] : [activation(right)],
  };
}

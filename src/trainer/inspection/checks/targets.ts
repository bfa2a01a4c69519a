import * as l10n from '@vscode/l10n';
import type { Target } from '../../../lab/fields';
import type { LossName } from '../../../lab/experiment';
import { lossFamily } from '../../../lab/losses/define';
import type { ResolvedLoss } from '../../../lab/resolve';
import type { Finding } from '../problems';

/**
 * Whether the labels that the data declares are within what the loss can read from the model's answer.
 *
 * @param units Size of the answer's last axis, where it is known.
 */
export function targetsFinding(loss: ResolvedLoss, target: Target, units: number | undefined): Finding | undefined {
  const classes = target.classes.length;
  if (target.shape.length > 0 || classes === 0) return undefined;
  const family = lossFamily(loss);
  const sparse: LossName = loss.name.includes('Focal')
    ? 'sparseCategoricalFocalCrossentropy'
    : 'sparseCategoricalCrossentropy';
  const labels = l10n.t('labels 0 to {0}', classes - 1);
  if (family === 'sparse' && units !== undefined && units < classes) {
    return {
      code: 'MODEL_LOSS_TARGETS',
      message: l10n.t('The data has labels 0 to {0}, but the model answers with {1} numbers only.', classes - 1, units),
      expected: l10n.t('{0} units, one for each class', classes),
      found: l10n.t('{0} units', units),
      remedy: l10n.t('Give the last layer units: classes.'),
      fixes: [{ kind: 'argument', name: 'units', value: String(classes), variable: 'classes' }],
    };
  }
  if (family === 'binary' && classes > 2) {
    return {
      code: 'MODEL_LOSS_TARGETS',
      message: l10n.t('{0} is for yes or no, but the data has {1} classes.', loss.name, classes),
      expected: l10n.t('labels 0 and 1'),
      found: labels,
      remedy: l10n.t("Use '{0}' for one class of many.", sparse),
      field: 'loss',
      fixes: [{ kind: 'field', name: 'loss', value: `'${sparse}'` }],
    };
  }
  if (family === 'categorical') {
    return {
      code: 'MODEL_LOSS_TARGETS',
      message: l10n.t('{0} takes one number for each class as target; this data has class indices.', loss.name),
      expected: l10n.t('targets [batch, {0}]', classes),
      found: l10n.t('targets [batch]: {0}', labels),
      remedy: l10n.t("Use '{0}' for class indices.", sparse),
      field: 'loss',
      fixes: [{ kind: 'field', name: 'loss', value: `'${sparse}'` }],
    };
  }
  return undefined;
}

/** A trainer does what its process was started for: whatever else is asked of it would hold that up. */
import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';
import type { TrainerRole } from '../../protocol/launch';
import type { RequestHandlers } from '../../protocol/rpc';
import { ROLES, type RequestName } from '../../protocol/trainer';

/** The handlers with those of other roles replaced by a refusal. */
export function forRole(role: TrainerRole, handlers: RequestHandlers): RequestHandlers {
  const refused = (Object.keys(handlers) as RequestName[]).filter((method) => {
    const own = ROLES[method];
    return own !== undefined && !own.includes(role);
  });
  const refusals = refused.map((method) => [method, () => Promise.reject(otherRole(method, role))]);
  return { ...handlers, ...(Object.fromEntries(refusals) as Partial<RequestHandlers>) };
}

function otherRole(method: RequestName, role: TrainerRole): LabError {
  return new LabError({
    code: 'TRAINER_ROLE',
    message: l10n.t('This process was started for other work than "{0}".', method),
    expected: ROLES[method]?.join(', ') ?? '',
    found: role,
    remedy: l10n.t('This is a fault of the lab; the log has the details.'),
  });
}

import * as l10n from '@vscode/l10n';
import { LabError, type LabErrorData, type SourceLocation } from '../../protocol/errors';
import type { ModelProblem, RelatedPlace } from '../../protocol/modelInspection';
import { withModelErrors, type Origin } from '../modelFile/errors';

/** What a check has found; where it is, the caller may know better. */
export type Finding = LabErrorData & { readonly severity?: ModelProblem['severity'] };

/** Collects what is wrong, so that one fault does not hide the others. */
export class Problems {
  private readonly found = new Map<string, ModelProblem>();

  constructor(private readonly origin: Origin) {}

  get all(): readonly ModelProblem[] {
    return [...this.found.values()];
  }

  get some(): boolean {
    return this.found.size > 0;
  }

  /** Runs what may call the learner's code. @returns undefined when it threw, which is then among the problems */
  attempt<T>(field: string, work: () => T, place?: (error: LabErrorData) => SourceLocation | undefined): T | undefined {
    try {
      return withModelErrors(this.origin, work);
    } catch (error) {
      const data = error instanceof LabError ? error.data : thrown(error);
      const { location: told, ...rest } = data;
      // Without a line of the learner's in the stack, the place is a guess: the layer that was last at work.
      const sure = field === 'model' || this.origin.places.locate(error).length > 0;
      const location = place?.(data) ?? (sure ? told : undefined);
      const related = this.shapesMadeElsewhere(error);
      if (location !== undefined) this.add({ ...rest, location }, related);
      else {
        const answer = { message: l10n.t("The model's answer comes from here.") };
        this.add({ field, ...rest }, told === undefined ? related : [{ ...answer, location: told }, ...related]);
      }
      return undefined;
    }
  }

  add({ severity = 'error', ...error }: Finding, related: readonly RelatedPlace[] = []): void {
    const problem = problemOf(error, severity, related);
    const { location } = error;
    const key = [error.code, error.message, location?.file, location?.line, location?.column].join('\n');
    // A loop makes the same mistake many times over.
    if (!this.found.has(key)) this.found.set(key, problem);
  }

  /** Which lines made the shapes that did not fit. */
  private shapesMadeElsewhere(error: unknown): RelatedPlace[] {
    const cause = error instanceof LabError ? error.cause : error;
    const failure = cause instanceof Error ? this.origin.layers.failureOf(cause) : undefined;
    return (failure?.inputs ?? []).flatMap(({ shape, from }) => {
      const place = from && this.origin.layers.of(from);
      if (place === undefined) return [];
      const made = `[${shape.map((size) => size ?? 'null').join(', ')}]`;
      return [{ location: place.location, message: l10n.t('{0} comes from here ({1}).', made, place.name) }];
    });
  }
}

export function problemOf(
  error: LabErrorData,
  severity: ModelProblem['severity'] = 'error',
  related: readonly RelatedPlace[] = [],
): ModelProblem {
  const callers = (error.trace ?? []).filter(
    ({ line, file }) => line !== error.location?.line || file !== error.location.file,
  );
  const called = callers.map((location) => ({ location, message: l10n.t('called from here') }));
  return { severity, error, related: [...related, ...called] };
}

/** TensorFlow threw, and none of the learner's lines was involved. */
function thrown(error: unknown): LabErrorData {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    code: 'MODEL_THREW',
    message: l10n.t('TensorFlow does not accept this: {0}', message),
    remedy: l10n.t('Compare the shapes and types that it names with those of your model and data.'),
    ...(stack === undefined ? {} : { details: stack }),
  };
}

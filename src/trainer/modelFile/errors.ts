import * as l10n from '@vscode/l10n';
import { LearningError, type Fault } from '../../learning/errors';
import { LabError, type LabErrorCode, type LabErrorData, type SourceLocation } from '../../protocol/errors';
import { worded } from '../wording/faults';
import type { LayerPlaces } from './layerPlaces';
import type { Places } from './places';
import { asShapeError } from './shapeErrors';
import { asUnknownName, asUnknownText } from './unknownNames';

/** What is needed to say where in the learner's source an error comes from. */
export interface Origin {
  readonly places: Places;
  readonly layers: LayerPlaces;
  /** Where the experiment was declared: the place of what is wrong with one of its fields. */
  readonly declared: () => SourceLocation | undefined;
  /** What throws: a model file, unless it is said. */
  readonly kind?: 'cell';
}

/** Errors about what the learner wrote; a place in their source helps. Others (cancelled, engine) stay as they are. */
const LEARNERS: ReadonlySet<LabErrorCode> = new Set<LabErrorCode>([
  'CELL_ARGUMENT',
  'CELL_OUTSIDE',
  'DATA_INVALID',
  'DATA_LABEL_RANGE',
  'DATA_LOADER',
  'DATA_NOT_FINITE',
  'ENGINE_OPERATION',
  'EXPERIMENT_INVALID',
  'MODEL_ATTENTION',
  'MODEL_EXIT',
  'MODEL_FREED_TENSOR',
  'MODEL_GRADIENT',
  'MODEL_IMPORT',
  'MODEL_LOSS_VALUE',
  'MODEL_METRIC_VALUE',
  'MODEL_NO_EXPERIMENT',
  'MODEL_OWN_GRADIENT',
  'MODEL_SHAPE',
  'MODEL_THREW',
  'STEP_OUTSIDE',
  'TRAINING_MEMORY',
  'TEXT_EMPTY',
  'TEXT_ENCODING',
  'TEXT_TOO_LONG',
  'TEXT_TOO_SHORT',
  'TEXT_UNKNOWN',
  'TOKEN_UNKNOWN',
  'MODEL_UNKNOWN_NAME',
  'NON_FINITE_GRADIENT',
  'SCHEDULE_INVALID',
  'INITIAL_WEIGHTS',
]);

/**
 * An error thrown while the learner's code ran, or while TensorFlow ran their model, as a LabError with its place. What
 * has nothing to do with the learner's code comes back unchanged.
 */
export function describeModelError(thrown: unknown, origin: Origin): unknown {
  const { places, layers } = origin;
  const trace = places.locate(thrown);
  const error = worded(thrown);
  if (error instanceof LabError) {
    const named = thrown instanceof LearningError ? layers.named(layerOf(thrown.fault) ?? '') : undefined;
    if (named !== undefined) return withPlace(error.data, [named.location], error);
    if (error.data.location !== undefined || !LEARNERS.has(error.code)) return error;
    return withPlace(error.data, trace.length > 0 ? trace : guessedPlace(error, thrown, origin), error);
  }
  if (!(error instanceof Error)) {
    return new LabError({
      code: 'MODEL_THREW',
      message:
        origin.kind === 'cell'
          ? l10n.t('The cell threw {0}, which is not an Error and so has no place.', String(error))
          : l10n.t('The model file threw {0}, which is not an Error and so has no place.', String(error)),
      remedy: l10n.t("Throw errors: throw new Error('…')."),
    });
  }
  const details = places.readable(error.stack ?? '');
  if (!places.threwItself(error)) {
    const shape = asShapeError(error, layers);
    if (shape !== undefined) {
      const { at, ...data } = shape;
      return withPlace({ ...data, details }, at.length > 0 ? at : trace, error);
    }
  }
  // TensorFlow ran a layer of the model, and none of the learner's own lines.
  const at = trace.length > 0 ? trace : layerTrace(error, layers);
  if (at.length === 0) return error;
  const unknown = asUnknownName(error) ?? asUnknownText(error, layers);
  if (unknown !== undefined) return withPlace({ ...unknown, details }, at, error);
  return withPlace(
    { code: 'MODEL_THREW', message: threwText(error, origin), remedy: remedyFor(error), details },
    at,
    error,
  );
}

export function threwText({ name, message }: Error, { kind }: Pick<Origin, 'kind'>): string {
  return kind === 'cell' ? `${name}: ${message}` : l10n.t('The model file threw {0}: {1}', name, message);
}

function remedyFor({ message }: Error): string {
  const type = /must be (?:an? )?(int32|float32|bool) tensor, but got/.exec(message)?.[1];
  if (type !== undefined) return l10n.t("Convert it: tf.cast(…, '{0}').", type);
  return l10n.t('Look at the place that is named: there it was thrown.');
}

/** The layer that a fault is about. */
function layerOf(fault: Fault): string | undefined {
  return fault.code === 'NON_FINITE' ? fault.origin.layer : undefined;
}

/** Where no line of the learner's was at work: the layer that was, else the experiment whose field is wrong. */
function guessedPlace(error: LabError, thrown: unknown, { layers, declared }: Origin): readonly SourceLocation[] {
  const layer = layerTrace(thrown, layers);
  if (layer.length > 0) return layer;
  if (error.code === 'MODEL_SHAPE') return layers.last()?.trace ?? [];
  const place = error.data.field === undefined ? undefined : declared();
  return place === undefined ? [] : [place];
}

function layerTrace(error: unknown, layers: LayerPlaces): readonly SourceLocation[] {
  const failure = error instanceof Error ? layers.failureOf(error) : undefined;
  return (failure && layers.of(failure.layer)?.trace) ?? [];
}

function withPlace(data: LabErrorData, trace: LabErrorData['trace'], cause: unknown): LabError {
  const [location] = trace ?? [];
  return new LabError(
    { ...data, ...(location === undefined ? {} : { location }), ...(trace === undefined ? {} : { trace }) },
    { cause },
  );
}

/** Runs work that calls the learner's code, or TensorFlow with their model; its errors get their place. */
export function withModelErrors<T>(origin: Origin, work: () => T): T {
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw describeModelError(error, origin);
    }) as T;
  } catch (error) {
    throw describeModelError(error, origin);
  }
}

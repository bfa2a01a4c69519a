/** Sets, adds and removes one argument in the object that a call is given. */
import * as l10n from '@vscode/l10n';
import type { Fix } from '../../protocol/fix';
import { fieldOf } from './anchors';
import type { Analysis, Call } from './analysis';
import type { Edit, Remedy } from './edits';

type ArgumentFix = Fix & { readonly kind: 'argument' };

/** Layers that are nothing but an activation: without it, nothing is left of them. */
const ACTIVATION_LAYERS = new Set(['activation', 'softmax', 'reLU', 'leakyReLU', 'elu', 'prelu', 'thresholdedReLU']);

export function argumentEdits(fix: ArgumentFix, text: string, analysis: Analysis, call: Call): Remedy | undefined {
  const { name } = fix;
  const written = valueOf(fix, text, analysis, call);
  if (written === undefined) {
    const edits = remove(name, text, call);
    return { title: l10n.t("Remove '{0}'", name), edits };
  }
  const title = l10n.t('Set {0}: {1}', name, written);
  const pair = written === name ? name : `${name}: ${written}`;
  const present = call.fields.find((field) => field.name === name);
  if (present !== undefined) {
    const { start } = present.nameRange;
    return { title, edits: [{ start: start.offset, end: present.valueRange.end.offset, text: pair }] };
  }
  const last = call.fields.at(-1)?.valueRange.end.offset;
  if (last !== undefined) return { title, edits: [{ start: last, end: last, text: `, ${pair}` }] };
  if (call.objectRange !== undefined) {
    const { start, end } = call.objectRange;
    // An object of which nothing is known but its spread parts keeps them.
    const inside = text.slice(start.offset + 1, end.offset - 1).trim();
    const whole = inside === '' ? `{ ${pair} }` : `{ ${inside.replace(/,$/, '')}, ${pair} }`;
    return { title, edits: [{ start: start.offset, end: end.offset, text: whole }] };
  }
  if (call.arguments.length > 0) return undefined;
  const { start, end } = call.argumentsRange;
  return { title, edits: [{ start: start.offset, end: end.offset, text: `{ ${pair} }` }] };
}

/** The variable, where the model's function receives it and the call is in that function. */
function valueOf(
  { value, variable }: ArgumentFix,
  text: string,
  { experiment }: Analysis,
  call: Call,
): string | undefined {
  const model = fieldOf(experiment, 'model')?.valueRange;
  if (variable === undefined || model === undefined) return value;
  const inside = call.range.start.offset >= model.start.offset && call.range.end.offset <= model.end.offset;
  const parameters =
    /^(?:async\s*)?(?:model\s*)?\(\s*\{([^}]*)\}/.exec(text.slice(model.start.offset, model.end.offset))?.[1] ?? '';
  return inside && new RegExp(`\\b${variable}\\b`).test(parameters) ? variable : value;
}

function remove(name: string, text: string, call: Call): Edit[] {
  const field = call.fields.find((candidate) => candidate.name === name);
  if (name === 'activation' && ACTIVATION_LAYERS.has(call.name)) return removeElement(text, call);
  if (field === undefined) return [];
  const start = field.nameRange.start.offset;
  const end = field.valueRange.end.offset;
  const object = call.objectRange;
  if (object !== undefined && /^\{\s*$/.test(text.slice(object.start.offset, start))) {
    // The only one: f({ a }) becomes f().
    const rest = text.slice(end, object.end.offset);
    if (/^[\s,]*\}$/.test(rest)) return [{ start: object.start.offset, end: object.end.offset, text: '' }];
  }
  const following = /^\s*,[^\S\n]*(?:\n(?=\s))?\s*/.exec(text.slice(end));
  if (following !== null) return [{ start, end: end + following[0].length, text: '' }];
  const preceding = /,?\s*$/.exec(text.slice(0, start))?.[0] ?? '';
  // The blank before the closing brace stays.
  return [{ start: start - preceding.length, end, text: '' }];
}

/** A layer out of a list of layers. */
function removeElement(text: string, { range }: Call): Edit[] {
  const start = range.start.offset;
  const end = range.end.offset;
  const following = /^\s*,\s*/.exec(text.slice(end));
  const preceding = /[[,]\s*$/.exec(text.slice(0, start));
  if (preceding === null || (following === null && !/^\s*\]/.test(text.slice(end)))) return [];
  return [{ start, end: end + (following?.[0].length ?? 0), text: '' }];
}

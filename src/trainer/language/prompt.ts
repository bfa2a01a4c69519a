/** What a language model is asked, held against what it can do. */
import * as l10n from '@vscode/l10n';
import { checkInteger, checkKnown, checkNumber, checkObject, invalid } from '../../lab/check';
import type { GenerateOptions, Message } from '../../lab/models';
import type { Generation } from '../../learning/language/generate';
import { LabError } from '../../protocol/errors';

/** @throws LabError EXPERIMENT_INVALID */
export function checkedGeneration(options: GenerateOptions, vocabulary: number): Generation {
  const given = checkObject('generate', options);
  checkKnown('generate', given, ['tokens', 'temperature', 'topK', 'topP', 'seed']);
  const { tokens = 128, temperature = 0, topK = vocabulary, topP = 1, seed = 1 } = given;
  return {
    tokens: checkInteger('generate: tokens', tokens, { min: 1 }),
    temperature: checkNumber('generate: temperature', temperature, 0),
    topK: checkInteger('generate: topK', topK, { min: 1 }),
    topP: checkNumber('generate: topP', topP, 0, 1),
    seed: checkInteger('generate: seed', seed, { min: 0, max: 2 ** 32 - 1 }),
  };
}

/** @throws LabError EXPERIMENT_INVALID */
export function checkedText(field: string, text: unknown): string {
  if (typeof text !== 'string') throw invalid({ field, expected: l10n.t('a text'), found: text });
  return text;
}

const ROLES = ['system', 'user', 'assistant'];

/** @throws LabError EXPERIMENT_INVALID for what is no conversation */
export function checkedMessages(field: string, messages: unknown): readonly Message[] {
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid({ field, expected: l10n.t('a text, or messages with role and content'), found: messages });
  for (const [index, message] of (messages as unknown[]).entries()) {
    const { role, content } = checkObject(`${field}[${index}]`, message);
    if (typeof role !== 'string' || !ROLES.includes(role))
      throw invalid({
        field: `${field}[${index}].role`,
        expected: ROLES.map((one) => `'${one}'`).join(', '),
        found: role,
      });
    checkedText(`${field}[${index}].content`, content);
  }
  return messages as readonly Message[];
}

/** @throws LabError PROMPT_INVALID unless there are from one token to `most` */
export function fittingPrompt(tokens: number[], most: number): number[] {
  if (tokens.length > 0 && tokens.length <= most) return tokens;
  throw new LabError({
    code: 'PROMPT_INVALID',
    message: l10n.t('The model cannot read a text of {0} tokens.', tokens.length),
    expected: l10n.t('1 to {0} tokens', most),
    found: String(tokens.length),
    remedy: l10n.t('Give it some text, and no more than its context holds.'),
  });
}

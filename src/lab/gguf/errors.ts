import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';

/** The bytes are not those of a whole GGUF file. */
export function ggufCorrupt(file: string, expected: string, found: string): LabError {
  return new LabError({
    code: 'GGUF_CORRUPT',
    message: l10n.t('{0} is no whole GGUF file: expected {1}, found {2}.', file, expected, found),
    expected,
    found,
    remedy: l10n.t('Get the file again, and compare its size with what its publisher says.'),
  });
}

/** A sound file that the lab cannot run. */
export function ggufUnsupported(file: string, expected: string, found: string): LabError {
  return new LabError({
    code: 'GGUF_UNSUPPORTED',
    message: l10n.t('The lab cannot run {0}: it needs {1}, found {2}.', file, expected, found),
    expected,
    found,
    remedy: l10n.t(
      'Take a model of the LLaMA family with a byte-level BPE tokenizer in F32, F16, Q4_0, Q4_1, Q4_K, Q6_K or Q8_0, for instance SmolLM2.',
    ),
  });
}

/** The parts of the file do not belong together. */
export function ggufInconsistent(file: string, expected: string, found: string): LabError {
  return new LabError({
    code: 'GGUF_INCONSISTENT',
    message: l10n.t('The parts of {0} do not fit together: expected {1}, found {2}.', file, expected, found),
    expected,
    found,
    remedy: l10n.t('Get the file from another publisher, or convert the model again.'),
  });
}

/** @param found what is there in place of a file that can be read */
export function ggufMissing(
  file: string,
  found: string,
  remedy = l10n.t('Give the path of a GGUF file that you may read.'),
): LabError {
  return new LabError({
    code: 'GGUF_MISSING',
    message: l10n.t('The model {0} cannot be read.', file),
    expected: l10n.t('a GGUF file'),
    found,
    remedy,
  });
}

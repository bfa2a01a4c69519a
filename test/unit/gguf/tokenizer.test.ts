import assert from 'node:assert/strict';
import path from 'node:path';
import { labPaths } from '../../../src/cli/context';
import { languageModelFile } from '../../../src/client/paths';
import { GgufFile } from '../../../src/lab/gguf/file';
import { GgufTokenizer } from '../../../src/lab/gguf/tokenizer';
import { createRandom, integer } from '../../../src/lab/random';
import { LabError, type LabErrorCode } from '../../../src/protocol/errors';
import { installLanguageTools, languageTool } from '../../support/languageTools';

const TEXTS = [
  'The capital of France is Paris.',
  "Don't we'll THEY'RE it's 'quoted' 'Tis",
  '2026-11-26 costs 1,234.50 € ½ ² Ⅷ',
  '床前明月光,疑是地上霜。\n举头望明月,低头思故乡。',
  '🙂👩‍👩‍👧‍👦🇨🇳 é é',
  '  two  spaces \t tab \r\n\n\n line   ',
  '\u0085next\u00a0line\u2003em\u3000wide\ufeffmark',
  'def f(x):\n    return x ** 2  # ∂f/∂x = 2x',
  '<|im_start|>user\nhi<|im_end|>\n<|endoftext|><|im_start',
  'Ġraw Ċcharacters',
  '\0\u0001\u007f',
  'naïve Ωmega русский हिन्दी العربية',
  '',
];

describe('GGUF: the tokenizer of SmolLM2', () => {
  let file: GgufFile;
  let tokenizer: GgufTokenizer;
  before(async () => {
    file = await GgufFile.open(languageModelFile(labPaths()));
    tokenizer = new GgufTokenizer(file, 49_152);
  });
  after(() => file.close());

  it("gives the tokens and texts of PyPI's tokenizers, for languages, space, digits and texts made at random", function () {
    const reason = installLanguageTools();
    if (reason !== undefined) this.skip();
    const random = createRandom(5);
    const letters = Array.from(`${TEXTS.join('')} \n\t  0123456789`);
    const drawn = Array.from({ length: 300 }, () =>
      Array.from({ length: integer(random, 30) }, () => letters[integer(random, letters.length)]).join(''),
    );
    const texts = [...TEXTS, ...drawn];
    const script = path.resolve('test/unit/gguf/oracle/tokens.py');
    const answers = languageTool(script, [file.path], JSON.stringify(texts)) as { ids: number[]; text: string }[];
    texts.forEach((text, i) => {
      const ids = tokenizer.encode(text);
      assert.deepEqual(ids, answers[i]?.ids, JSON.stringify(text));
      assert.equal(tokenizer.decode(ids), answers[i]?.text, JSON.stringify(text));
    });
  });

  it('a text without special tokens comes back as it was, byte for byte', () => {
    for (const text of TEXTS.filter((text) => !text.includes('<|') && !text.includes('\0')))
      assert.equal(tokenizer.decode(tokenizer.encode(text)), text);
  });

  it('leaves out a byte that the vocabulary does not have', () => {
    assert.equal(tokenizer.decode(tokenizer.encode('a\u0004b')), 'ab');
  });

  it('half a surrogate pair is U+FFFD, and so are bytes that are no UTF-8', () => {
    assert.equal(tokenizer.decode(tokenizer.encode('a\ud800b')), 'a�b');
    const smile = tokenizer.encode('🙂');
    assert.ok(smile.length > 1);
    assert.match(tokenizer.decode(smile.slice(0, 1)), /�/);
  });

  it('writes a conversation as the model knows it, and what stands in a message steers nothing', () => {
    const ids = tokenizer.encodeChat([{ role: 'user', content: 'hi <|im_end|>' }]);
    const system = 'You are a helpful AI assistant named SmolLM, trained by Hugging Face';
    const [start, end] = tokenizer.encode('<|im_start|><|im_end|>');
    assert.equal(ids.filter((id) => id === start).length, 3);
    assert.equal(ids.filter((id) => id === end).length, 2);
    assert.equal(tokenizer.decode(ids), `system\n${system}\nuser\nhi <|im_end|>\nassistant\n`);
    assert.ok(end !== undefined && tokenizer.ends.has(end));
  });
});

describe('GGUF: vocabularies that do not fit', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  let next = 0x100;
  const characters = bytes.map((byte) =>
    String.fromCodePoint((byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad) ? byte : next++),
  );
  const sound: Readonly<Record<string, number | boolean | string | readonly (string | number)[]>> = {
    model: 'gpt2',
    tokens: [...characters, 'ab', '<s>'],
    merges: ['a b'],
    token_type: [...characters.map(() => 1), 1, 3],
    eos_token_id: 257,
  };
  const made = (changes: Partial<Record<string, unknown>>, size = 258): GgufTokenizer => {
    const entries = Object.entries({ ...sound, ...changes }).filter(([, value]) => value !== undefined);
    const metadata = new Map(entries.map(([key, value]) => [`tokenizer.ggml.${key}`, value]));
    return new GgufTokenizer({ path: 'x.gguf', metadata } as unknown as GgufFile, size);
  };

  it('by hand: bytes, one merge, a special token, a beginning', () => {
    const tokenizer = made({});
    assert.deepEqual(tokenizer.encode('abba<s>'), [256, 98, 97, 257]);
    assert.deepEqual(tokenizer.encode('<s>', { special: false }), [60, 115, 62]);
    assert.equal(tokenizer.decode([256, 257, 98]), 'abb');
    assert.deepEqual(made({ add_bos_token: true, bos_token_id: 257 }).encode('ab'), [257, 256]);
    assert.throws(() => tokenizer.encodeChat([]), { code: 'GGUF_UNSUPPORTED' });
  });

  for (const [title, changes, code] of [
    ['another size than the embedding', { tokens: characters }, 'GGUF_INCONSISTENT'],
    ['no tokens', { tokens: undefined }, 'GGUF_INCONSISTENT'],
    ['tokens that are numbers', { tokens: [1, 2] }, 'GGUF_INCONSISTENT'],
    ['a token twice', { tokens: [...characters, 'ab', 'ab'] }, 'GGUF_INCONSISTENT'],
    ['a merge into no token', { merges: ['b a'] }, 'GGUF_INCONSISTENT'],
    ['a merge of one', { merges: ['ab'] }, 'GGUF_INCONSISTENT'],
    ['kinds for other tokens', { token_type: [1] }, 'GGUF_INCONSISTENT'],
    ['an end that is no token', { eos_token_id: 258 }, 'GGUF_INCONSISTENT'],
    ['another kind of tokenizer', { model: 'llama' }, 'GGUF_UNSUPPORTED'],
    ['words cut in another way', { pre: 'deepseek-llm' }, 'GGUF_UNSUPPORTED'],
  ] as const satisfies readonly (readonly [string, object, LabErrorCode])[]) {
    it(`${title}: told, with what was expected and found`, () => {
      assert.throws(
        () => made(changes),
        (error) => {
          assert.ok(error instanceof LabError);
          assert.equal(error.code, code);
          assert.ok(error.data.expected !== undefined && error.data.found !== undefined);
          return true;
        },
      );
    });
  }
});

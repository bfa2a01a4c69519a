import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tokenizers } from '../../../src/lab';
import { createRandom, integer } from '../../../src/lab/random';
import { LabError, type LabErrorCode } from '../../../src/protocol/errors';

const code = (wanted: LabErrorCode) => (error: unknown) => error instanceof LabError && error.data.code === wanted;

describe('tokens by word', () => {
  const plan = tokenizers.words({ size: 7 });

  it('are lower case, with the parts of contractions and marks by themselves', () => {
    const words = plan.train([]);
    const tokens = (text: string): string[] => words.tokens(text);
    assert.deepEqual(tokens("It doesn't WORK!"), ['it', 'does', "n't", 'work', '!']);
    assert.deepEqual(tokens('It’s John’s, we’ve 2 n’t'), ['it', "'s", 'john', "'s", ',', 'we', "'ve", '2', "n't"]);
    assert.deepEqual(tokens('naïve…  Ärger\n(5/5)'), ['naïve', '…', 'ärger', '(', '5', '/', '5', ')']);
    assert.deepEqual(tokens(' \n'), []);
  });

  it('get their numbers by frequency, then by code point; what is rare is unknown', () => {
    const words = plan.train(['b a a', 'c c c b d e f']);
    assert.deepEqual(words.vocabulary, ['<pad>', '<unk>', 'c', 'a', 'b', 'd', 'e']);
    assert.deepEqual([...words.encode('a f c <unk> <pad>')], [3, 1, 2, 1, 1, 1, 1, 1, 1]);
    assert.equal(words.decode([2, 1, 3, 0, 0]), 'c \u{FFFD} a');
    assert.deepEqual(plan.train(['c c c b d e f', 'b a a']).vocabulary, words.vocabulary);
  });
});

describe('tokens by character', () => {
  it('count characters as Unicode does, and come back', () => {
    const characters = tokenizers.characters({ size: 20 }).train(['人工智能🙂 ok']);
    assert.deepEqual(characters.tokens('🙂能'), ['🙂', '能']);
    for (const text of ['', '能人', 'ok 🙂🙂', '  ']) assert.equal(characters.decode(characters.encode(text)), text);
    assert.equal(characters.decode(characters.encode('能x')), '能\u{FFFD}');
  });
});

describe('tokens by byte pair', () => {
  it('are those that Hugging Face learns from the same texts, merge by merge', () => {
    const oracle = JSON.parse(fs.readFileSync('test/unit/lab/oracle/bytepairs.json', 'utf8')) as {
      merges: number;
      texts: string[];
      encoded: { text: string; ids: number[] }[];
    };
    const pairs = tokenizers.bytePairs({ size: 257 + oracle.merges }).train(oracle.texts);
    assert.equal(pairs.vocabulary.length, 257 + oracle.merges);
    for (const { text, ids } of oracle.encoded) assert.deepEqual([...pairs.encode(text)], ids, text);
  });

  it('of the textbook: es, est, then lo, low', () => {
    const text = `${'low '.repeat(5)}${'lower '.repeat(2)}${'newest '.repeat(6)}${'widest '.repeat(3)}`;
    const learned = (size: number): string | undefined =>
      tokenizers.bytePairs({ size }).train([text.trim()]).vocabulary[size - 1];
    // Nine times e·s and s·t: e·s has the smaller numbers.
    assert.deepEqual([learned(258), learned(259)], ['es', 'est']);
  });

  it('give back any text, whatever they were trained on', () => {
    const random = createRandom(7);
    const alphabets = ['ab ', "it's\n\t ", '的一是不 了🙂é', '\u0000\u00a0\u2028\ufeff\u{10ffff}e\u0301'].map((all) =>
      Array.from(all),
    );
    const texts = Array.from({ length: 200 }, () => {
      const alphabet = alphabets[integer(random, alphabets.length)]!;
      return Array.from({ length: integer(random, 30) }, () => alphabet[integer(random, alphabet.length)]).join('');
    });
    const pairs = tokenizers.bytePairs({ size: 320 }).train(texts.slice(0, 100));
    for (const text of texts) {
      const ids = pairs.encode(text);
      assert.equal(pairs.decode(ids), text, JSON.stringify(text));
      assert.equal(pairs.decode(tokenizers.pad(ids, ids.length + 3)), text);
      assert.equal(pairs.tokens(text).length, ids.length);
    }
  });

  it('show parts of characters as bytes, and end where nothing occurs twice', () => {
    const none = tokenizers.bytePairs({ size: 300 }).train(['北']);
    assert.equal(none.vocabulary.length, 257);
    assert.deepEqual(none.tokens('北'), ['⟨E5⟩', '⟨8C⟩', '⟨97⟩']);
  });
});

describe('what no tokenizer takes', () => {
  const all = [
    tokenizers.words({ size: 10 }).train(['a b']),
    tokenizers.characters({ size: 10 }).train(['a b']),
    tokenizers.bytePairs({ size: 260 }).train(['a b']),
  ];
  for (const tokenizer of all) {
    it(`${tokenizer.name}: no text, half a character, a number of no token`, () => {
      assert.throws(() => tokenizer.encode(undefined as never), code('EXPERIMENT_INVALID'));
      assert.throws(() => tokenizer.encode('so \ud83d good'), code('TEXT_ENCODING'));
      for (const id of [-1, 1.5, Number.NaN, tokenizer.vocabulary.length]) {
        assert.throws(() => tokenizer.decode([id]), code('TOKEN_UNKNOWN'), String(id));
      }
      assert.equal(tokenizer.encode('').length, 0);
    });
  }

  it('a vocabulary chosen by what is no list of texts', () => {
    for (const plan of [
      tokenizers.words({ size: 9 }),
      tokenizers.characters({ size: 9 }),
      tokenizers.bytePairs({ size: 260 }),
    ])
      for (const texts of ['abc', [1], undefined] as never[])
        assert.throws(() => plan.train(texts), code('EXPERIMENT_INVALID'));
  });

  it('a size too small, an option that is none, a text longer than the row', () => {
    assert.throws(() => tokenizers.words({ size: 2 }), code('EXPERIMENT_INVALID'));
    assert.throws(() => tokenizers.characters({ size: 2.5 }), code('EXPERIMENT_INVALID'));
    assert.throws(() => tokenizers.bytePairs({ size: 256 }), code('EXPERIMENT_INVALID'));
    assert.throws(() => tokenizers.words({ sise: 5 } as never), code('EXPERIMENT_INVALID'));
    assert.deepEqual([...tokenizers.pad([4, 5], 3)], [4, 5, 0]);
    assert.throws(() => tokenizers.pad([4, 5, 6, 7], 3), code('TEXT_TOO_LONG'));
  });
});

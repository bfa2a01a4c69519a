import assert from 'node:assert/strict';
import { pageHtml } from '../../../src/host/app/pageHtml';

const page = (bundle: unknown): string =>
  pageHtml({
    cspSource: 'https://webview.example',
    nonce: 'abc',
    script: 'https://webview.example/panel.js?a=1&b="2"',
    style: 'https://webview.example/panel.css',
    language: 'zh-cn',
    bundle,
  });

describe('the document of the panel', () => {
  it('allows scripts by nonce only, and nothing unsafe', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page(undefined))?.[1] ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'nonce-abc';/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.match(policy, /; base-uri 'none'; form-action 'none'$/);
  });

  it('has no inline script and no inline style', () => {
    const html = page({ a: 'b' });
    for (const [, attributes = '', content = ''] of html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)) {
      assert.match(attributes, /nonce="abc" src=/);
      assert.equal(content, '');
    }
    assert.doesNotMatch(html, /<style|style="| on\w+="/);
  });

  it('carries translations unharmed, whatever they contain', () => {
    const bundle = { 'a "quoted" <b>&amp;</b>': `“x” </script> 'y' & <z>` };
    const escaped = /data-contents="([^"]*)"/.exec(page(bundle))?.[1] ?? '';
    assert.doesNotMatch(escaped, /[<>]/);
    const back = escaped
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
    assert.deepEqual(JSON.parse(back), bundle);
  });

  it('is in the language of VS Code, and in English without translations', () => {
    assert.match(page(undefined), /<html lang="zh-cn">/);
    assert.match(page(undefined), /data-contents=""/);
  });
});

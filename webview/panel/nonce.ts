/**
 * The toolkit tries, while it is loaded, whether the browser knows :focus-visible, with a <style> of one rule. The
 * policy lets it through when it carries the nonce, which the toolkit looks for in this <meta>. Hence this module is
 * imported before any that reaches the toolkit.
 */
const nonce = document.currentScript?.nonce;
if (nonce !== undefined && nonce !== '') {
  const meta = document.createElement('meta');
  meta.setAttribute('property', 'csp-nonce');
  meta.content = nonce;
  document.head.append(meta);
}

export {};

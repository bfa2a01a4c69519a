/**
 * The arguments of each function in tf.layers, by its own declarations: tfjs ignores others without a word. A unit test
 * holds this table against the declarations.
 */
const EVERY_LAYER = 'batchInputShape batchSize dtype inputDType inputShape name trainable updatable weights';

const OWN: Readonly<Record<string, string>> = {
  inputLayer: 'sparse',
  elu: 'alpha',
  reLU: 'maxValue',
  leakyReLU: 'alpha',
  prelu: 'alphaConstraint alphaInitializer alphaRegularizer sharedAxes',
  softmax: 'axis',
  thresholdedReLU: 'theta',
  conv1d:
    'activation activityRegularizer biasConstraint biasInitializer biasRegularizer dataFormat dilationRate filters kernelConstraint kernelInitializer kernelRegularizer kernelSize padding strides useBias',
  conv2d:
    'activation activityRegularizer biasConstraint biasInitializer biasRegularizer dataFormat dilationRate filters kernelConstraint kernelInitializer kernelRegularizer kernelSize padding strides useBias',
  conv2dTranspose:
    'activation activityRegularizer biasConstraint biasInitializer biasRegularizer dataFormat dilationRate filters kernelConstraint kernelInitializer kernelRegularizer kernelSize padding strides useBias',
  conv3d:
    'activation activityRegularizer biasConstraint biasInitializer biasRegularizer dataFormat dilationRate filters kernelConstraint kernelInitializer kernelRegularizer kernelSize padding strides useBias',
  conv3dTranspose:
    'activation activityRegularizer biasConstraint biasInitializer biasRegularizer dataFormat dilationRate filters kernelConstraint kernelInitializer kernelRegularizer kernelSize padding strides useBias',
  separableConv2d:
    'activation activityRegularizer biasConstraint biasInitializer biasRegularizer dataFormat depthMultiplier depthwiseConstraint depthwiseInitializer depthwiseRegularizer dilationRate filters kernelConstraint kernelInitializer kernelRegularizer kernelSize padding pointwiseConstraint pointwiseInitializer pointwiseRegularizer strides useBias',
  cropping2D: 'cropping dataFormat',
  upSampling2d: 'dataFormat interpolation size',
  depthwiseConv2d:
    'activation activityRegularizer biasConstraint biasInitializer biasRegularizer dataFormat depthMultiplier depthwiseConstraint depthwiseInitializer depthwiseRegularizer dilationRate kernelConstraint kernelInitializer kernelRegularizer kernelSize padding strides useBias',
  activation: 'activation',
  dense:
    'activation activityRegularizer biasConstraint biasInitializer biasRegularizer inputDim kernelConstraint kernelInitializer kernelRegularizer units useBias',
  dropout: 'noiseShape rate seed',
  spatialDropout1d: 'rate seed',
  flatten: 'dataFormat',
  repeatVector: 'n',
  reshape: 'targetShape',
  permute: 'dims',
  embedding:
    'activityRegularizer embeddingsConstraint embeddingsInitializer embeddingsRegularizer inputDim inputLength maskZero outputDim',
  add: '',
  average: '',
  concatenate: 'axis',
  maximum: '',
  minimum: '',
  multiply: '',
  dot: 'axes normalize',
  batchNormalization:
    'axis betaConstraint betaInitializer betaRegularizer center epsilon gammaConstraint gammaInitializer gammaRegularizer momentum movingMeanInitializer movingVarianceInitializer scale',
  layerNormalization: 'axis betaInitializer betaRegularizer center epsilon gammaInitializer gammaRegularizer scale',
  zeroPadding2d: 'dataFormat padding',
  averagePooling1d: 'padding poolSize strides',
  avgPool1d: 'padding poolSize strides',
  avgPooling1d: 'padding poolSize strides',
  averagePooling2d: 'dataFormat padding poolSize strides',
  avgPool2d: 'dataFormat padding poolSize strides',
  avgPooling2d: 'dataFormat padding poolSize strides',
  averagePooling3d: 'dataFormat padding poolSize strides',
  avgPool3d: 'dataFormat padding poolSize strides',
  avgPooling3d: 'dataFormat padding poolSize strides',
  globalAveragePooling1d: '',
  globalAveragePooling2d: 'dataFormat',
  globalMaxPooling1d: '',
  globalMaxPooling2d: 'dataFormat',
  maxPooling1d: 'padding poolSize strides',
  maxPooling2d: 'dataFormat padding poolSize strides',
  maxPooling3d: 'dataFormat padding poolSize strides',
  gru: 'activation biasConstraint biasInitializer biasRegularizer cell dropout dropoutFunc goBackwards implementation inputDim inputLength kernelConstraint kernelInitializer kernelRegularizer recurrentActivation recurrentConstraint recurrentDropout recurrentInitializer recurrentRegularizer returnSequences returnState stateful units unroll useBias',
  gruCell:
    'activation biasConstraint biasInitializer biasRegularizer dropout dropoutFunc implementation kernelConstraint kernelInitializer kernelRegularizer recurrentActivation recurrentConstraint recurrentDropout recurrentInitializer recurrentRegularizer resetAfter units useBias',
  lstm: 'activation biasConstraint biasInitializer biasRegularizer cell dropout dropoutFunc goBackwards implementation inputDim inputLength kernelConstraint kernelInitializer kernelRegularizer recurrentActivation recurrentConstraint recurrentDropout recurrentInitializer recurrentRegularizer returnSequences returnState stateful unitForgetBias units unroll useBias',
  lstmCell:
    'activation biasConstraint biasInitializer biasRegularizer dropout dropoutFunc implementation kernelConstraint kernelInitializer kernelRegularizer recurrentActivation recurrentConstraint recurrentDropout recurrentInitializer recurrentRegularizer unitForgetBias units useBias',
  simpleRNN:
    'activation biasConstraint biasInitializer biasRegularizer cell dropout dropoutFunc goBackwards inputDim inputLength kernelConstraint kernelInitializer kernelRegularizer recurrentConstraint recurrentDropout recurrentInitializer recurrentRegularizer returnSequences returnState stateful units unroll useBias',
  simpleRNNCell:
    'activation biasConstraint biasInitializer biasRegularizer dropout dropoutFunc kernelConstraint kernelInitializer kernelRegularizer recurrentConstraint recurrentDropout recurrentInitializer recurrentRegularizer units useBias',
  convLstm2d:
    'activation biasConstraint biasInitializer biasRegularizer cell dataFormat dilationRate dropout dropoutFunc filters goBackwards implementation inputDim inputLength kernelConstraint kernelInitializer kernelRegularizer kernelSize padding recurrentActivation recurrentConstraint recurrentDropout recurrentInitializer recurrentRegularizer returnSequences returnState stateful strides unitForgetBias unroll useBias',
  convLstm2dCell:
    'activation biasConstraint biasInitializer biasRegularizer dataFormat dilationRate dropout dropoutFunc filters implementation kernelConstraint kernelInitializer kernelRegularizer kernelSize padding recurrentActivation recurrentConstraint recurrentDropout recurrentInitializer recurrentRegularizer strides unitForgetBias useBias',
  rnn: 'cell goBackwards inputDim inputLength returnSequences returnState stateful unroll',
  stackedRNNCells: 'cells',
  bidirectional: 'layer mergeMode',
  timeDistributed: 'layer',
  gaussianNoise: 'stddev',
  gaussianDropout: 'rate',
  alphaDropout: 'noiseShape rate',
  masking: 'maskValue',
  rescaling: 'offset scale',
  centerCrop: 'height width',
  resizing: 'cropToAspectRatio height interpolation width',
  categoryEncoding: 'numTokens outputMode',
  randomWidth: 'autoVectorize factor interpolation seed',
  globalMaxPool1d: '',
  globalMaxPool2d: 'dataFormat',
  maxPool1d: 'padding poolSize strides',
  maxPool2d: 'dataFormat padding poolSize strides',
  input: 'batchShape shape sparse',
};

/** Undefined for a function that this version of tfjs does not declare. */
export function argumentsOf(layer: string): readonly string[] | undefined {
  const own = Object.hasOwn(OWN, layer) ? OWN[layer] : undefined;
  return own === undefined ? undefined : [...own.split(' '), ...EVERY_LAYER.split(' ')].filter((name) => name !== '');
}

/** Every function of tf.layers that makes a layer. */
export const LAYER_FUNCTIONS: readonly string[] = Object.keys(OWN);

/** What the checks of exercises import as 'deep-learning-lab/grading'. */
export { exercise } from './exercise';
export type { CheckContext, ExerciseChecks, LongCheck, QuickCheck, TrainingResult } from './exercise';
export { expectClose, expectNumber, expectTensor, isClose, type Comparison } from './expect';
export { fail, type Failure } from './failure';
export { number, show } from './format';

/** The data sets that an experiment can use. Each call describes one; its numbers come when training asks for them. */
export { circles, gaussians, moons, spirals, xor } from './plane';
export type { CirclesOptions, GaussiansOptions, SpiralsOptions } from './plane';
export type { PointsOptions } from './points';

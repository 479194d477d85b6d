/** What becomes of data when the stack goes: kept where the stage keeps data, but not of a first deployment that fails. */
import { RemovalPolicy } from 'aws-cdk-lib';
import type { StageSettings } from '../config.ts';

export const dataRemovalPolicy = ({ keepsData }: StageSettings): RemovalPolicy =>
  keepsData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;

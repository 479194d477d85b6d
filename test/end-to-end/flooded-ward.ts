/** A ward on which very many patients are ill at once, and whose subscriptions SNS has suspended meanwhile. */
import { asOperator } from '../../infra/local/account/account.ts';
import { aWard, type Ward } from './ward.ts';

export type FloodedWard = Ward & {
  /** A line for each subscription that was suspended. */
  suspended: string[];
  /** Readings of as many patients, all of them in this second. */
  flood(count: number, systolic?: number, diastolic?: number, prefix?: string): Promise<void>;
  /** Log lines with this code. */
  logged(code: string): string[];
};

export async function aFloodedWard(): Promise<FloodedWard> {
  const suspended: string[] = [];
  const ward = await aWard({
    onEvent: (line) => void (line.includes('subscription suspended') && suspended.push(line)),
  });
  return {
    ...ward,
    suspended,
    async flood(count, systolic = 205, diastolic = 118, prefix = 'p') {
      const patients = Array.from({ length: count }, (_, n) => `${prefix}${n}`);
      const Records = manyReadings(ward, patients, systolic, diastolic).map((reading) => ({
        PartitionKey: reading.deviceId,
        Data: Buffer.from(JSON.stringify(reading)),
      }));
      const { vigil } = ward;
      await asOperator(vigil, 'kinesis', 'PutRecords', { StreamName: vigil.outputs.StreamName, Records });
    },
    logged: (code) => ward.logs().filter((line) => line.includes(`"${code}"`)),
  };
}

/** A reading of each of these patients of the ward, all of them at this moment. */
export const manyReadings = (it: Ward, patients: readonly string[], systolic: number, diastolic: number) =>
  patients.map((patientId) => ({
    deviceId: `bp-${patientId}`,
    patientId,
    ward: 'ward-001',
    bed: '1',
    measuredAt: new Date(it.vigil.clock.now()).toISOString(),
    systolic,
    diastolic,
  }));

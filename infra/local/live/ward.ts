/**
 * The patients of the demo who turn critical. Their devices are on standby for the simulator, so that nothing contradicts
 * a critical reading until somebody has come; then the patient recovers, and the recheck finds it.
 */
import type { Alert } from '../../../handlers/alert/alert.ts';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { type LocalAccount, operator } from '../account.ts';

/** In turn: a high one, an obstetric one, a low one, an emergency. */
const turns = [
  { deviceId: 'bp-001', systolic: 190, diastolic: 118 },
  { deviceId: 'bp-005', systolic: 168, diastolic: 112 },
  { deviceId: 'bp-003', systolic: 84, diastolic: 51 },
  { deviceId: 'bp-007', systolic: 226, diastolic: 131 },
];

/** When a good reading follows an acceptance: twice within the 5 minutes after which an emergency is rechecked. */
const recoveryMinutes = [2, 4, 10];

const isOfATurn = (id: string) => turns.some(({ deviceId }) => deviceId === id);

/** The hospital with those devices on standby. */
export function demoHospital(hospital: Hospital): Hospital {
  const devices = hospital.devices.map((device) =>
    isOfATurn(device.id) ? { ...device, standby: true } : device,
  );
  return { ...hospital, devices };
}

export type DemoWard = {
  /** One critical reading, of the next patient in turn. */
  sendCritical(): Promise<void>;
  recover(alert: Alert): void;
};

export function demoWard(account: LocalAccount, hospital: Hospital): DemoWard {
  const patients = turns.flatMap((turn) => {
    const device = hospital.devices.find(({ id }) => id === turn.deviceId);
    return device ? [{ ...turn, patientId: device.patientId }] : [];
  });
  let sent = 0;

  async function send(deviceId: string, patientId: string | undefined, systolic: number, diastolic: number) {
    const measuredAt = new Date(account.clock.now()).toISOString();
    await account.call(operator, 'kinesis', 'PutRecord', {
      StreamName: account.outputs.StreamName,
      PartitionKey: deviceId,
      Data: Buffer.from(JSON.stringify({ deviceId, patientId, measuredAt, systolic, diastolic })),
    });
  }

  return {
    async sendCritical() {
      const patient = patients[sent++ % patients.length];
      if (patient) await send(patient.deviceId, patient.patientId, patient.systolic, patient.diastolic);
    },
    recover(alert) {
      const patient = patients.find(({ patientId }) => patientId === alert.patientId);
      if (!patient) return;
      for (const minutes of recoveryMinutes)
        account.clock.after(minutes * 60_000, () => void send(patient.deviceId, patient.patientId, 128, 78));
    },
  };
}

// Owns core as a process of its own for tests: the page's channel is the IPC pipe to the parent.

import { startCore } from '#till/core.ts';
import type { CoreToDevices, DevicesToCore } from '#till/deviceContract.ts';
import { startDeviceHost } from '#till/deviceHost.ts';
import { coreOptions } from '#till/environment.ts';
import { inProcessPair, parentEnd } from '#till/messageEnds.ts';

const core = startCore(coreOptions(process.env));
const [coreEnd, devicesEnd] = inProcessPair<CoreToDevices, DevicesToCore>();
startDeviceHost(devicesEnd);
core.attachDevices(coreEnd);
core.attachPage(parentEnd());
process.on('disconnect', () => process.exit(0));

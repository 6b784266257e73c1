import { cpuLimit } from '../../src/process/cpu-limit';
import { tempFolder } from '../support/temp-folder';

test.each<[string, Readonly<Record<string, string>>, number, number]>([
  ['version 2, a limit of one and a half CPUs', { 'cpu.max': '150000 100000\n' }, 8, 2],
  ['version 2, a tenth of a CPU', { 'cpu.max': '10000 100000\n' }, 8, 1],
  ['version 2, a limit above the cores', { 'cpu.max': '1600000 100000\n' }, 4, 4],
  ['version 2, no limit', { 'cpu.max': 'max 100000\n' }, 4, 4],
  ['version 1, two CPUs', { 'cpu/cpu.cfs_quota_us': '200000\n', 'cpu/cpu.cfs_period_us': '100000\n' }, 8, 2],
  ['version 1, no limit', { 'cpu/cpu.cfs_quota_us': '-1\n', 'cpu/cpu.cfs_period_us': '100000\n' }, 8, 8],
  ['no control groups', {}, 3, 3],
])('%s', (_what, files, cores, expected) => {
  expect(cpuLimit(tempFolder(files), cores)).toBe(expected);
});

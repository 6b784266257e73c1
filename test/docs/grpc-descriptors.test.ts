import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { grpcDescriptors } from '../../scripts/grpc-descriptors';

test('what gRPC reflection says is what the .proto files say; "npm run generate" writes it', () => {
  const runtime = join(__dirname, '../../packages/runtime');
  expect(readFileSync(join(runtime, 'src/protocols/grpc/reflection/descriptors.ts'), 'utf8')).toBe(grpcDescriptors(join(runtime, 'proto')));
});

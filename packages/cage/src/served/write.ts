import { writeFileSync } from 'node:fs';
import { bundleFrame } from './bundle.ts';
import { BUILT_SCRIPT } from './script.ts';

writeFileSync(BUILT_SCRIPT, bundleFrame());

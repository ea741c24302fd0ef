/** Names that the examples of the OpenAPI document share, so that they tell one story. */
export const PROGRAM = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
export const JOB = 'job_017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
export const BATCH = 'batch_017f22e2-79b0-7cc3-98c4-dc0c0c073990';
export const DEVICE = 'dev_017f22e2-79b0-7cc3-98c4-dc0c0c073991';
export const KEY = 'key_017f22e2-79b0-7cc3-98c4-dc0c0c073992';
export const HOOK = 'hook_017f22e2-79b0-7cc3-98c4-dc0c0c073993';
export const DELIVERY = 'msg_017f22e2-79b0-7cc3-98c4-dc0c0c073994';
/** Public keys and signatures by their form alone. */
export const SIGNER = 'A'.repeat(43);
export const SUCCESSOR = `${'B'.repeat(42)}A`;
export const SIGNATURE = 'A'.repeat(86);
export const AT = 1_800_000_000_000;

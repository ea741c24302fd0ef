import { z } from 'zod';

// zod would compile schemas with `new Function`, and tries it as soon as one is made; the content security policy
// forbids that. So this module comes before any other that makes one.
z.config({ jitless: true });

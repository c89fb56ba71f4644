'use strict';

// Prints a report on excluded tags. Usage: node report.cjs REPOSITORIES TAGS
const { createHash } = require('node:crypto');

const [repositories, tags] = process.argv.slice(2).map(Number);
const sha256 = text => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const images = [];

for (let i = 0; i < tags; i += 1) {
    const repository = i % repositories;
    const n = Math.floor(i / repositories);
    const reference = `registry.example.com/team-${repository % 17}/app-${repository}:${1 + (n % 5)}.${n}.${repository % 10}`;

    images.push({
        reference,
        canonical: reference,
        digest: sha256(reference),
        indexDigest: sha256(`index of ${reference}`),
        platform: 'linux/amd64',
        scannedAt: '2026-01-01T00:00:00Z',
        verdicts: [{ runtime: 'kata', decision: 'EXCLUDED', kernelParams: [], findings: [], notes: [] }],
        notes: [],
        error: null
    });
}
process.stdout.write(
    JSON.stringify({ schemaVersion: 1, tool: { name: 'imgcompat', version: 'bench', rules: sha256('') }, images })
);

import { expect, test } from 'vitest';
import { whole, type WrittenDocument } from './document';

test('a document that leaves out what it has nothing to say about has everything in its place', () => {
  const object = { id: 'o', tool: 'boat', geometry: { x: 1, y: 2, w: 3, h: 4 } };
  const written = { schema: 'hybrid.label/1', ontologyVersion: 1, objects: [object] } as unknown as WrittenDocument;
  expect(whole(written)).toEqual({ ...written, answers: {}, objects: [{ ...object, answers: {} }], relations: [] });
});

test('what is written stays as it is', () => {
  const written = { schema: 'hybrid.label/1', ontologyVersion: 1, answers: { usable: ['yes'] }, objects: [], relations: [{ id: 'r', relation: 'on', from: 'a', to: 'b' }] } as unknown as WrittenDocument;
  expect(whole(written)).toEqual(written);
});

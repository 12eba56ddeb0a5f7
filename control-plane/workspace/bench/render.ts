import './render.css';
import { boundsOf, emptyDocument, fit, OntologyIndex, reveal, Workspace, type LabelObject } from '../src/engine';
import { Stage } from '../src/render/stage';

/** 5,000 polygons of 20 points on a picture of 4000 × 2500: drag one, pan, zoom, and the time of each frame. */
const picture = { width: 4_000, height: 2_500 };
const count = Number(new URLSearchParams(location.search).get('count') ?? 5_000);
const corners = 20;

const ontology = new OntologyIndex({ tools: Array.from({ length: 6 }, (_, i) => ({ id: `class-${i}`, kind: 'polygon' as const, name: `Class ${i}` })) });
const columns = Math.ceil(Math.sqrt((count * picture.width) / picture.height));
const objects: LabelObject[] = Array.from({ length: count }, (_, i) => {
  const cell = picture.width / columns;
  const x = (i % columns) * cell + cell / 2;
  const y = Math.floor(i / columns) * cell + cell / 2;
  const ring = Array.from({ length: corners }, (_, k) => {
    const radius = cell * (0.4 + 0.15 * Math.sin(k * 7 + i));
    const angle = (k / corners) * 2 * Math.PI;
    return [Math.min(picture.width, Math.max(0, x + radius * Math.cos(angle))), Math.min(picture.height, Math.max(0, y + radius * Math.sin(angle)))] as const;
  });
  return { id: `object-${i}`, tool: `class-${i % 6}`, geometry: { rings: [ring] }, answers: {} };
});

function noise(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  const brush = canvas.getContext('2d');
  for (let i = 0; brush && i < 4_000; i++) {
    brush.fillStyle = `hsl(${(i * 47) % 360} 30% ${20 + ((i * 31) % 60)}%)`;
    brush.fillRect((i * 577) % picture.width, (i * 911) % picture.height, 180, 120);
  }
  return canvas;
}

const frame = () => new Promise<number>(resolve => requestAnimationFrame(resolve));
const host = document.getElementById('stage') as HTMLElement;

interface Figures { median: number; p95: number; most: number; work: number }

/** Frame intervals, and the work of the page's own script within them. */
async function measure(frames: number, act: (at: number) => void): Promise<Figures> {
  const intervals: number[] = [];
  const work: number[] = [];
  let before = await frame();
  for (let i = 0; i < frames; i++) {
    const start = performance.now();
    act(i);
    work.push(performance.now() - start);
    const now = await frame();
    intervals.push(now - before);
    before = now;
  }
  const sorted = intervals.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
  return { median: at(0.5), p95: at(0.95), most: at(0.999), work: Math.round(work.reduce((sum, one) => sum + one, 0) / work.length * 100) / 100 };
}

async function settled(stage: Stage): Promise<number> {
  const start = performance.now();
  let before = -1;
  let still = 0;
  while (still < 15) {
    await frame();
    still = stage.paintedTiles === before ? still + 1 : 0;
    before = stage.paintedTiles;
  }
  return performance.now() - start;
}

async function run(): Promise<unknown> {
  const bitmap = await createImageBitmap(noise());
  const workspace = new Workspace({ ...emptyDocument(1), objects }, ontology, picture);
  const start = performance.now();
  const stage = new Stage(host, workspace, bitmap, { label: 'bench', nameOf: object => object.id, added: '', removed: '', changed: '' });
  const firstFrame = performance.now() - start;
  const allTiles = await settled(stage);
  const canvas = host.querySelector('canvas[role=application]') as HTMLCanvasElement;
  // A made-up pointer cannot be captured.
  canvas.setPointerCapture = () => undefined;
  const fire = (type: string, x: number, y: number, button = 0) => canvas.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, button, buttons: 1, pointerId: 1, bubbles: true }));

  const middle = objects[Math.floor(count / 2) + Math.floor(columns / 2)] as LabelObject;
  const { view } = workspace.state;
  const bounds = boundsOf('polygon', middle.geometry);
  const x = view.left + (bounds.x + bounds.w / 2) * view.scale;
  const y = view.top + (bounds.y + bounds.h / 2) * view.scale;
  const tilesBefore = stage.paintedTiles;
  fire('pointermove', x, y);
  fire('pointerdown', x, y);
  const drag = await measure(180, i => fire('pointermove', x + 220 * Math.sin(i / 20), y + 140 * Math.sin(i / 13)));
  const path = workspace.state.tool.path;
  fire('pointerup', x + 30, y + 30);
  await settled(stage);
  const tilesOfDrag = stage.paintedTiles - tilesBefore;

  const pan = await (async () => {
    workspace.look({ scale: view.scale * 2, left: -picture.width * view.scale * 0.5, top: -picture.height * view.scale * 0.5 });
    await settled(stage);
    fire('pointerdown', 700, 450, 1);
    const figures = await measure(120, i => fire('pointermove', 700 + 300 * Math.sin(i / 15), 450 + 200 * Math.sin(i / 11), 1));
    fire('pointerup', 700, 450, 1);
    return figures;
  })();
  fit(workspace);
  await settled(stage);
  const zoom = await measure(120, i => canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: i % 60 < 30 ? -60 : 60, clientX: 700, clientY: 450, cancelable: true })));
  const zoomSettled = await settled(stage);
  const hover = await measure(120, i => fire('pointermove', 200 + i * 8, 200 + i * 4));
  reveal(workspace, middle.id);
  return { count, corners, stage: `${host.clientWidth} x ${host.clientHeight}`, ratio: devicePixelRatio, firstFrame: Math.round(firstFrame), allTiles: Math.round(allTiles), path, tilesOfDrag, drag, pan, zoom, zoomSettled: Math.round(zoomSettled), hover };
}

run().catch((error: unknown) => ({ error: String(error) })).then(result => fetch('/result', { method: 'POST', body: JSON.stringify(result) }));

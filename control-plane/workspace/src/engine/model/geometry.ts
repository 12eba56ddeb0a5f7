import type { Position, Rect, Ring } from '../geometry';

/** Pixels after EXIF orientation; fractions allowed. */
export type BoxGeometry = Rect;

/** Rotated box and ellipse: centre, full width and height, degrees clockwise in [0, 360). */
export interface RotatedGeometry {
  readonly cx: number;
  readonly cy: number;
  readonly w: number;
  readonly h: number;
  readonly angle: number;
}

/** One area: the first ring is the outer border, the others are holes. */
export interface RingsGeometry {
  readonly rings: readonly Ring[];
}

/** Several areas that are one object. */
export interface PartsGeometry {
  readonly parts: readonly (readonly Ring[])[];
}

export type PolygonGeometry = RingsGeometry | PartsGeometry;

export interface PolylineGeometry {
  readonly points: readonly Position[];
}

export interface PointGeometry {
  readonly x: number;
  readonly y: number;
}

/** Keypoints by name; visibility as in COCO: 0 absent, 1 hidden, 2 visible. */
export type PoseGeometry = Readonly<Record<string, readonly [x: number, y: number, visibility: 0 | 1 | 2]>>;

/** COCO compressed run lengths, column-major; size is height, width. */
export interface MaskGeometry {
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
}

/** Metres in the point cloud's own right-handed frame; rotation is a unit quaternion. */
export interface CuboidGeometry {
  readonly center: readonly [x: number, y: number, z: number];
  readonly size: readonly [length: number, width: number, height: number];
  readonly rotation: readonly [qx: number, qy: number, qz: number, qw: number];
}

/** Half-open, in Unicode code points (never UTF-16 units); `text` repeats the characters as a check. */
export interface SpanGeometry {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Page from 1; PDF points, origin top left after the page's rotation. */
export interface PageBoxGeometry extends Rect {
  readonly page: number;
}

/** Milliseconds, half-open; without a channel it covers all. */
export interface RegionGeometry {
  readonly start: number;
  readonly end: number;
  readonly channel?: number;
}

/** A geometry that may move through the frames of a video. */
export type StillGeometry = BoxGeometry | RotatedGeometry | PolygonGeometry | PolylineGeometry | PointGeometry | PoseGeometry | MaskGeometry;

/** What an object is at a frame, and how it goes on to the next keyframe. Frames count from 0 in presentation order. */
export interface Keyframe {
  readonly frame: number;
  readonly geometry: StillGeometry;
  readonly mode: 'linear' | 'hold';
  readonly occluded: boolean;
  readonly outside: boolean;
}

export interface TrackGeometry {
  readonly keyframes: readonly Keyframe[];
}

/** WGS 84 longitude and latitude (RFC 7946), at most 7 decimals. */
export type GeographicGeometry =
  | { readonly type: 'Point'; readonly coordinates: Position }
  | { readonly type: 'MultiPoint' | 'LineString'; readonly coordinates: readonly Position[] }
  | { readonly type: 'MultiLineString' | 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] }
  | { readonly type: 'GeometryCollection'; readonly geometries: readonly GeographicGeometry[] };

/** Every geometry of `hybrid.label/1`. Which one an object has is said by the kind of its tool. */
export type Geometry =
  | StillGeometry
  | CuboidGeometry
  | SpanGeometry
  | PageBoxGeometry
  | RegionGeometry
  | TrackGeometry
  | GeographicGeometry;

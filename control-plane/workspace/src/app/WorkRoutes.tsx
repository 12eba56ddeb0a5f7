export function LabelRoute() { return null; }
export function ReviewRoute() { return null; }

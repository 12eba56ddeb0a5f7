namespace Hybrid.Quality.Labels;

/// <summary>An ontology that keeps its rules (label-model.md § Ontology).</summary>
/// <param name="Tools">By id, in order.</param>
/// <param name="Questions">About the asset.</param>
/// <param name="Relations">By id.</param>
public sealed record Ontology(IReadOnlyDictionary<string, Tool> Tools, IReadOnlyList<Question> Questions, IReadOnlyDictionary<string, Relation> Relations);

/// <summary>A class of objects and how it is drawn.</summary>
/// <param name="Id">Slug.</param>
/// <param name="Kind">One of <see cref="OntologyReader.ToolKinds"/>.</param>
/// <param name="Min">Least number of objects in a label.</param>
/// <param name="Max">Greatest number, or null.</param>
/// <param name="Questions">About each object.</param>
/// <param name="Track">On video: objects move through keyframes. Spatial kinds only.</param>
/// <param name="Keypoints">Names that a pose may use; empty = any.</param>
public sealed record Tool(string Id, string Kind, int Min, int? Max, IReadOnlyList<Question> Questions, bool Track, IReadOnlySet<string> Keypoints);

/// <summary>A question about the asset or an object.</summary>
/// <param name="Id">Slug.</param>
/// <param name="Kind">One of <see cref="OntologyReader.QuestionKinds"/>.</param>
/// <param name="Text">As shown.</param>
/// <param name="Required">Whether it must be answered where it exists.</param>
/// <param name="Options">By id, in order; for kinds that choose.</param>
/// <param name="Min">Least number (kind number).</param>
/// <param name="Max">Greatest number (kinds number and rating; a rating's is 5 when unset).</param>
/// <param name="Step">Distance of allowed numbers from <paramref name="Min"/> (or 0) on; unset = any.</param>
public sealed record Question(
    string Id, string Kind, string Text, bool Required, IReadOnlyDictionary<string, Option> Options, double? Min, double? Max, double? Step);

/// <summary>A choice, with questions that exist only while it is chosen.</summary>
public sealed record Option(string Id, IReadOnlyList<Question> Questions);

/// <summary>A kind of relation between objects.</summary>
public sealed record Relation(string Id, IReadOnlySet<string> From, IReadOnlySet<string> To);

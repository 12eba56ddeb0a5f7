using System.Linq.Expressions;
using System.Text.Json;

namespace Hybrid.ControlPlane.Infrastructure.Scim;

/// <summary>
/// Turns a filter into a condition on rows. Only attributes that are named here can be asked about; values go to the database as parameters,
/// never as text of a statement.
/// </summary>
/// <typeparam name="T">The rows.</typeparam>
internal sealed class ScimQuery<T>
{
    private readonly Dictionary<string, Attribute> attributes = new(StringComparer.OrdinalIgnoreCase);
    private readonly string schema;

    /// <summary>Begins a table of attributes.</summary>
    /// <param name="schema">The resource's own schema, which may stand in front of attributes.</param>
    public ScimQuery(string schema) => this.schema = schema;

    /// <summary>A text compared to the letter.</summary>
    public ScimQuery<T> Exact(string path, Expression<Func<T, string?>> of) => With(path, new Attribute(of, v => v));

    /// <summary>A text whose rows hold its upper case: compared whatever the case.</summary>
    public ScimQuery<T> Upper(string path, Expression<Func<T, string?>> of) => With(path, new Attribute(of, v => v.ToUpperInvariant()));

    /// <summary>An id of the product's own: what is no id equals none.</summary>
    public ScimQuery<T> Id(string path, Expression<Func<T, Guid>> of) => With(path, new Attribute(of, v => v));

    /// <summary>True or false.</summary>
    public ScimQuery<T> Flag(string path, Expression<Func<T, bool>> of) => With(path, new Attribute(of, v => v));

    /// <summary>What is the same for every row, such as the type of the only address.</summary>
    public ScimQuery<T> Constant(string path, string value)
    {
        Expression<Func<T, string?>> of = _ => value;
        return With(path, new Attribute(of, v => v.ToLowerInvariant()));
    }

    /// <summary>A member of a list, by its id.</summary>
    /// <param name="path">Attribute.</param>
    /// <param name="has">Whether a row has the member.</param>
    /// <param name="any">Whether it has any.</param>
    public ScimQuery<T> Members(string path, Expression<Func<T, Guid, bool>> has, Expression<Func<T, bool>> any) => With(path, new Attribute(any, v => v) { Has = has });

    /// <summary>The condition.</summary>
    /// <exception cref="ScimException"><c>invalidFilter</c>: it asks about something else.</exception>
    public Expression<Func<T, bool>> Where(ScimFilter filter)
    {
        var row = Expression.Parameter(typeof(T), "row");
        return Expression.Lambda<Func<T, bool>>(Of(filter, row, null), row);
    }

    private ScimQuery<T> With(string path, Attribute attribute)
    {
        attributes[path] = attribute;
        return this;
    }

    private Expression Of(ScimFilter filter, ParameterExpression row, string? within) => filter switch
    {
        ScimFilter.And(var left, var right) => Expression.AndAlso(Of(left, row, within), Of(right, row, within)),
        ScimFilter.Or(var left, var right) => Expression.OrElse(Of(left, row, within), Of(right, row, within)),
        ScimFilter.Not(var inner) => Expression.Not(Of(inner, row, within)),
        ScimFilter.Present(var path) => PresenceOf(Find(path, within), row),
        ScimFilter.Compare compare => Compare(compare, Find(compare.Path, within), row),
        // A list of one element at most: "one element fits all of it" is "all of it holds". Of longer ones only the id can be asked.
        ScimFilter.Element(var path, var inner) when within is null && path.Sub is null && (inner is ScimFilter.Compare { Operator: "eq" } || !IsList(path)) => Of(inner, row, NameOf(path)),
        _ => throw ScimException.Filter("such a question about elements is not answered"),
    };

    private Attribute Find(ScimPath path, string? within)
    {
        var name = NameOf(path) + (path.Sub is null ? "" : "." + path.Sub);
        if (within is not null) name = path.Schema is null && path.Sub is null ? $"{within}.{path.Name}" : "";
        return attributes.TryGetValue(name, out var found) ? found : throw ScimException.Filter($"\"{path}\" cannot be asked about");
    }

    private bool IsList(ScimPath path) => attributes.TryGetValue(NameOf(path), out var found) && found.Has is not null;

    private string NameOf(ScimPath path) =>
        path.Schema is null || string.Equals(path.Schema, schema, StringComparison.OrdinalIgnoreCase) ? path.Name : throw ScimException.Filter($"\"{path}\" cannot be asked about");

    private static Expression PresenceOf(Attribute attribute, ParameterExpression row)
    {
        var value = attribute.At(row);
        if (attribute.Has is not null) return value;
        return value.Type == typeof(string)
            ? Expression.AndAlso(Expression.NotEqual(value, Expression.Constant(null, typeof(string))), Expression.NotEqual(value, Expression.Constant("")))
            : Expression.Constant(true);
    }

    private static Expression Compare(ScimFilter.Compare compare, Attribute attribute, ParameterExpression row)
    {
        var value = attribute.At(row);
        var negated = compare.Operator == "ne";
        if (compare.Value.ValueKind == JsonValueKind.Null)
        {
            if (compare.Operator is not ("eq" or "ne")) throw Unfit(compare);
            return negated ? PresenceOf(attribute, row) : Expression.Not(PresenceOf(attribute, row));
        }

        if (attribute.Has is { } has)
        {
            if (compare.Value.ValueKind != JsonValueKind.String || compare.Operator is not ("eq" or "ne")) throw Unfit(compare);
            Expression found = Guid.TryParse(compare.Value.GetString(), out var member) ? Inline(has, row, Parameter(member)) : Expression.Constant(false);
            return negated ? Expression.Not(found) : found;
        }

        if (value.Type == typeof(bool))
        {
            if (compare.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) || compare.Operator is not ("eq" or "ne")) throw Unfit(compare);
            var wanted = compare.Value.GetBoolean() != negated;
            return wanted ? value : Expression.Not(value);
        }

        if (compare.Value.ValueKind != JsonValueKind.String) throw Unfit(compare);
        var text = compare.Value.GetString()!;
        if (value.Type == typeof(Guid))
        {
            if (compare.Operator is not ("eq" or "ne")) throw Unfit(compare);
            Expression same = Guid.TryParse(text, out var id) ? Expression.Equal(value, Parameter(id)) : Expression.Constant(false);
            return negated ? Expression.Not(same) : same;
        }

        var operand = Parameter(attribute.Normalize(text));
        return compare.Operator switch
        {
            "eq" => Expression.Equal(value, operand),
            "ne" => Expression.NotEqual(value, operand),
            "co" => Holding(value, nameof(string.Contains), operand),
            "sw" => Holding(value, nameof(string.StartsWith), operand),
            "ew" => Holding(value, nameof(string.EndsWith), operand),
            _ => throw Unfit(compare),
        };
    }

    // Absent texts contain nothing, also under "not".
    private static BinaryExpression Holding(Expression value, string method, Expression operand) => Expression.AndAlso(
        Expression.NotEqual(value, Expression.Constant(null, typeof(string))),
        Expression.Call(value, typeof(string).GetMethod(method, [typeof(string)])!, operand));

    private static ScimException Unfit(ScimFilter.Compare compare) => ScimException.Filter($"\"{compare.Path}\" cannot be compared by \"{compare.Operator}\" with such a value");

    // Read from an object, as the compiler does for captured variables: the provider makes a parameter of it.
    private static MemberExpression Parameter<TValue>(TValue value) => Expression.Property(Expression.Constant(new Held<TValue>(value)), nameof(Held<TValue>.Value));

    private static Expression Inline(LambdaExpression lambda, params Expression[] arguments) =>
        new Replace(lambda.Parameters.Zip(arguments).ToDictionary(p => p.First, p => p.Second)).Visit(lambda.Body);

    private sealed record Held<TValue>(TValue Value);

    private sealed record Attribute(LambdaExpression Of, Func<string, string> Normalize)
    {
        public LambdaExpression? Has { get; init; }

        public Expression At(ParameterExpression row) => Inline(Of, row);
    }

    private sealed class Replace(Dictionary<ParameterExpression, Expression> by) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => by.GetValueOrDefault(node, node);
    }
}

namespace Hybrid.ControlPlane.Features.People;

/// <summary>People of the organization.</summary>
internal static class PeopleRoutes
{
    public static void MapPeople(this IEndpointRouteBuilder app)
    {
        var people = app.MapGroup("/api/people").WithTags("People");
        ListPeople.Map(people);
        AddPerson.Map(people);
    }
}

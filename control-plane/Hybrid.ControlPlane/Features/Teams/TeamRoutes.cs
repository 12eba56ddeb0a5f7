namespace Hybrid.ControlPlane.Features.Teams;

/// <summary>Teams of the organization.</summary>
internal static class TeamRoutes
{
    public static void MapTeams(this IEndpointRouteBuilder app)
    {
        var teams = app.MapGroup("/api/teams").WithTags("Teams");
        ListTeams.Map(teams);
        CreateTeam.Map(teams);
        RenameTeam.Map(teams);
        DeleteTeam.Map(teams);
        AddTeamMember.Map(teams);
        RemoveTeamMember.Map(teams);
    }
}

using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Features.Projects;

/// <summary>Who may give or take which role (workflow-and-quality.md § Roles): a project admin all; a team manager labelers and reviewers.</summary>
internal static class MemberRules
{
    public static bool MayRule(ProjectRole own, ProjectRole other) => own == ProjectRole.ProjectAdmin || (own == ProjectRole.TeamManager && other < ProjectRole.TeamManager);
}

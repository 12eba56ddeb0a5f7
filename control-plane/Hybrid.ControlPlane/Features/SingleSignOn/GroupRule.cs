using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>What a group gives: an organization role, a role in a project, or a place in a team.</summary>
public sealed record GroupRule(string Group, OrganizationRole? OrganizationRole, Guid? ProjectId, ProjectRole? ProjectRole, Guid? TeamId = null);

using Hybrid.ControlPlane.Domain.Organizations;
using Hybrid.ControlPlane.Domain.Projects;

namespace Hybrid.ControlPlane.Features.SingleSignOn;

/// <summary>What a group gives: an organization role, or a role in a project.</summary>
public sealed record GroupRule(string Group, OrganizationRole? OrganizationRole, Guid? ProjectId, ProjectRole? ProjectRole);

using Hybrid.ControlPlane.Infrastructure.Access;
using Hybrid.ControlPlane.Infrastructure.People;

namespace Hybrid.ControlPlane.Features.People;

/// <summary>People of the organization.</summary>
internal static class PeopleRoutes
{
    public static IServiceCollection AddPeople(this IServiceCollection services) => services
        .AddScoped<PersonRefs>().AddScoped<PersonDeparture>().AddScoped<TeamEnd>().AddScoped<PersonExporter>().AddScoped<LeaseRelease>().AddHostedService<AccessWorker>()
        .AddScoped<PeoplePlan>().AddSingleton<PeopleWorker>().AddHostedService(s => s.GetRequiredService<PeopleWorker>());

    public static void MapPeople(this IEndpointRouteBuilder app)
    {
        var people = app.MapGroup("/api/people").WithTags("People");
        ListPeople.Map(people);
        AddPerson.Map(people);
        ViewPerson.Map(people);
        ChangePersonRole.Map(people);
        DeactivatePerson.Map(people);
        ReactivatePerson.Map(people);
        ResendInvitation.Map(people);
        WithdrawInvitation.Map(people);
        ExportPerson.Map(people);
        ExportOneself.Map(app);
        ErasePerson.Map(people);
        var jobs = app.MapGroup("/api/people-jobs").WithTags("People");
        CheckPeople.Map(jobs);
        StartPeopleJob.Map(jobs);
        ListPeopleJobs.Map(jobs);
        ViewPeopleJob.Map(jobs);
    }
}

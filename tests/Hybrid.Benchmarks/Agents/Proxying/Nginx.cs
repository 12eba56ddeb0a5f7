using System.Globalization;
using Hybrid.Benchmarks.Running;
using Hybrid.Demo;

namespace Hybrid.Benchmarks.Agents.Proxying;

/// <summary>nginx with one worker on one core, passing on to the same store, and keeping nothing on disk.</summary>
internal sealed class Nginx : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hybrid-nginx-").FullName;
    private readonly Child process;

    private Nginx(string store, int core)
    {
        Url = new Uri($"http://127.0.0.1:{Installation.FreePort()}");
        var config = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $$"""
            daemon off; master_process off; worker_processes 1; pid {{folder}}/pid; error_log {{folder}}/error.log;
            events { worker_connections 1024; }
            http {
              access_log off; sendfile on; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_max_temp_file_size 0; proxy_buffer_size 64k; proxy_buffers 16 64k; proxy_busy_buffers_size 256k;
              client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
              upstream store { server {{store}}; keepalive 64; }
              server { listen 127.0.0.1:{{Url.Port}}; location / { proxy_pass http://store; } }
            }
            """));
        process = Child.Start("nginx", Path.Combine(folder, "said.log"), "taskset", ["-c", core.ToString(CultureInfo.InvariantCulture), "/usr/sbin/nginx", "-c", config, "-e", Path.Combine(folder, "error.log")], new Dictionary<string, string>());
    }

    public Uri Url { get; }

    public int Id => process.Id;

    public static async Task<Nginx> StartAsync(Uri store, int core, CancellationToken ct)
    {
        var nginx = new Nginx(store.Authority, core);
        for (var tries = 0; !await Installation.AnswersAsync(new Uri(nginx.Url, "/pictures/1")); tries++)
        {
            if (nginx.process.HasExited || tries > 200) throw new DemoException($"nginx did not start: {File.ReadAllText(Path.Combine(nginx.folder, "error.log"))}");
            await Task.Delay(50, ct);
        }

        return nginx;
    }

    public void Dispose()
    {
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
